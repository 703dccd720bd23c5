{#-
    A condition: can a month-end be that of a cohort whose outcomes this build counts? A date once int_outcomes is built, so that
    tables are read from there on and not from the beginning; a sub-select until then, and in unit tests. Argument: date (SQL).
-#}
{% macro is_cohort_counted(date) -%}
    {%- set outcomes = ref('int_outcomes') -%}
    {%- set first_cohort -%}
        select min(counted.cohort_date) from {{ outcomes }} as counted
        where {{ is_month_rebuilt('counted.month_number') }}
    {%- endset -%}
    {%- if execute and '__dbt__cte__' not in first_cohort and load_relation(outcomes) -%}
        {%- set first_date = run_query(first_cohort).columns[0].values() | first -%}
        {{ date ~ ' >= ' ~ sql_date(first_date) if first_date is not none else 'false' }}
    {%- else -%}
        {{ date }} >= ({{ first_cohort }})
    {%- endif -%}
{%- endmacro %}
