{#- The number of a date's month, counted from year 0: months that follow each other differ by 1. -#}
{% macro month_number(date) -%}
    cast(extract(year from {{ date }}) * 12 + extract(month from {{ date }}) - 1 as integer)
{%- endmacro %}


{#- The last day of a date's month. -#}
{% macro month_end(date) -%}
    {{ dbt.last_day(date, 'month') }}
{%- endmacro %}

