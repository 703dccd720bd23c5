{#- The number of a date's month, counted from year 0: months that follow each other differ by 1. -#}
{% macro month_number(date) -%}
    cast(extract(year from {{ date }}) * 12 + extract(month from {{ date }}) - 1 as integer)
{%- endmacro %}


{#- The last day of a date's month. -#}
{% macro month_end(date) -%}
    {{ return(adapter.dispatch('month_end')(date)) }}
{%- endmacro %}

{% macro default__month_end(date) -%}
    {{ dbt.last_day(date, 'month') }}
{%- endmacro %}

{% macro spark__month_end(date) -%} last_day({{ date }}) {%- endmacro %}


{#-
    Completed months from one date to a later one: the largest n for which earlier + n months (the month's last day
    where the month is shorter) isn't after later. Null in, null out.
-#}
{% macro whole_months_between(earlier, later) -%}
    (
        {{ month_number(later) }} - {{ month_number(earlier) }}
        - case
            when extract(day from {{ later }}) < extract(day from {{ earlier }}) and {{ later }} < {{ month_end(later) }}
                then 1
            else 0
        end
    )
{%- endmacro %}


{#-
    The end of a period, where null means that it hasn't ended: a day or a month later than all others. In the condition of
    a left join an `or … is null` would let DuckDB compare every row with every other; a plain comparison doesn't.
-#}
{% macro date_or_never(date) -%} coalesce({{ date }}, cast('9999-12-31' as date)) {%- endmacro %}

{#- The same for the number of a month: see date_or_never(). -#}
{% macro month_or_never(month_number) -%} coalesce({{ month_number }}, 2147483647) {%- endmacro %}
