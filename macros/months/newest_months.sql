{#-
    The number of the first of the newest so many months of the ledger: a number once the ledger's months are built, so that
    tables are read from there on and not from the beginning; a sub-select until then, and in unit tests. Argument: months (SQL).
-#}
{% macro first_newest_month(months) -%}
    {%- set ledger = ref('ledger_months') -%}
    {%- set first = '(select max(newest.month_number) from ' ~ ledger ~ ' as newest) - ' ~ months ~ ' + 1' -%}
    {%- if execute and '__dbt__cte__' not in ledger | string ~ months and load_relation(ledger) -%}
        {{ run_query('select coalesce(' ~ first ~ ', 0)').columns[0].values() | first | int }}
    {%- else -%}
        cast({{ first }} as integer)
    {%- endif -%}
{%- endmacro %}


{#- A condition: is a month among the newest so many of the ledger? Arguments are SQL: month_number, months. -#}
{% macro is_newest_month(month_number, months) -%}
    {{ month_number }} >= {{ first_newest_month(months) }}
{%- endmacro %}


{#- The same of a date. Arguments are SQL: date, months. -#}
{% macro is_in_newest_months(date, months) -%}
    {{ date }} >= {{ first_day_of_month(first_newest_month(months)) }}
{%- endmacro %}
