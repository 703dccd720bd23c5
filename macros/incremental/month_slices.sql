{#-
    Does a statement that makes some months read a date? For models that look back: of others the engine finds out by itself.
    Always true as it is compiled; the statements put their own dates for these. Argument: date (SQL).
-#}
{% macro is_read(date) -%}
    {{ date }} >= {{ first_date() }} and {{ date }} <= {{ last_date() }}
{%- endmacro %}


{#- Before all others. -#}
{% macro first_date() -%} cast('1000-01-01' as date) /* first read */ {%- endmacro %}


{#- After all others. -#}
{% macro last_date() -%} cast('9999-12-31' as date) /* last made */ {%- endmacro %}


{#- The months that one statement makes at a time, and from when on it reads, as SQL; by the rows of customer_months. -#}
{% macro month_slices() %}
    {%- set months_before = config.get('meta', {}).get('months_read_before', 0) -%}
    {%- set query -%}
        select
            min(as_of_date) as first_date,
            max(as_of_date) as last_date,
            cast(date_trunc('month', min(as_of_date)) - interval ({{ months_before }}) month as date) as reads_from_date
        from (
            select as_of_date, (sum(row_count) over (order by as_of_date) - 1) // {{ var('rows_per_statement') }} as slice
            from (
                select as_of_date, count(*) as row_count from {{ existing_model('customer_months') }}
                group by as_of_date
            ) as counted
        ) as sliced
        group by slice
        order by slice
    {%- endset -%}
    {%- set slices = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do slices.append({
            'first': sql_date(row['first_date']),
            'last': sql_date(row['last_date']),
            'reads_from': sql_date(row['reads_from_date']),
        }) -%}
    {%- endfor -%}
    {{ return(slices) }}
{% endmacro %}


{#- A date in SQL. Argument: date (as a query returns it). -#}
{% macro sql_date(date) -%} cast('{{ date }}' as date) {%- endmacro %}
