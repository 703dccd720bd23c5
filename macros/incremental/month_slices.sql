{#-
    Does a statement that makes some months read a date? For models that look back: of others the engine finds out by itself.
    Argument: date (SQL).
-#}
{% macro is_read(date) -%}
    {{ return(adapter.dispatch('is_read')(date)) }}
{%- endmacro %}

{#- Other engines make all months with one statement. -#}
{% macro default__is_read(date) -%} 1 = 1 {%- endmacro %}

{#- Variables of the session, as made_part() is one. -#}
{% macro duckdb__is_read(date) -%}
    {{ date }} >= coalesce(cast(getvariable('first_read_date') as date), cast('1000-01-01' as date))
    and {{ date }} <= coalesce(cast(getvariable('last_made_date') as date), cast('9999-12-31' as date))
{%- endmacro %}


{#-
    The months that one statement makes at a time: the condition on a model's rows, and the variables that is_read() asks. One
    without them where all are made at once. Argument: first_date (SQL of the day from which on months are made; else all are).

    Counted by the rows of customer_months, or the rows that a model makes of each on its way, as its meta says
    (`rows_per_customer`); the first and the last statement make whatever lies before and after, too.
-#}
{% macro month_slices(first_date=none) %}
    {%- set rows_per_statement = [var('rows_per_statement') // config.get('meta', {}).get('rows_per_customer', 1), 1] | max -%}
    {%- set query -%}
        select
            max(as_of_date) as last_date,
            cast(date_trunc('month', min(as_of_date)) - interval ({{ months_read_before() }}) month as date) as reads_from_date
        from (
            select as_of_date, (sum(row_count) over (order by as_of_date) - 1) // {{ rows_per_statement }} as slice
            from (
                select as_of_date, count(*) as row_count from {{ existing_model('customer_months') }}
                {%- if first_date %}
                where as_of_date >= {{ first_date }}
                {%- endif %}
                group by as_of_date
            ) as counted
        ) as sliced
        group by slice
        order by slice
    {%- endset -%}
    {%- set slices = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- set rows, variables = [], {} -%}
        {%- if not loop.first -%}
            {%- do rows.append('as_of_date > ' ~ slices[-1].last_date) -%}
            {%- do variables.update({'first_read_date': row['reads_from_date']}) -%}
        {%- endif -%}
        {%- if not loop.last -%}
            {%- do rows.append('as_of_date <= ' ~ sql_date(row['last_date'])) -%}
            {%- do variables.update({'last_made_date': row['last_date']}) -%}
        {%- endif -%}
        {%- do slices.append({
            'rows': rows | join(' and '), 'variables': variables, 'last_date': sql_date(row['last_date']),
        }) -%}
    {%- endfor -%}
    {{ return(slices or [{'rows': '', 'variables': {}}]) }}
{% endmacro %}


{#- How many months before its own a model reads, as its meta says. -#}
{% macro months_read_before() -%} {{ return(config.get('meta', {}).get('months_read_before', 0)) }} {%- endmacro %}


{#- A statement with variables of the session that it alone sees. Arguments: variables (of a part or slice), statement (SQL). -#}
{% macro with_variables(variables, statement) -%}
    {%- for name, value in variables.items() %}
    set variable {{ name }} = '{{ value }}';
    {%- endfor %}
    {{ statement }}
    {%- for name in variables %}
    reset variable {{ name }};
    {%- endfor %}
{%- endmacro %}


{#- A date in SQL. Argument: date (as a query returns it). -#}
{% macro sql_date(date) -%} cast('{{ date }}' as date) {%- endmacro %}
