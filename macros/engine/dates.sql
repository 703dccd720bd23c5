{#- The date n days after another; n may be negative or a SQL expression. -#}
{% macro days_after(date, days) -%}
    {{ return(adapter.dispatch('days_after')(date, days)) }}
{%- endmacro %}

{% macro default__days_after(date, days) -%} ({{ date }} + ({{ days }})) {%- endmacro %}
{% macro duckdb__days_after(date, days) -%} ({{ date }} + cast({{ days }} as integer)) {%- endmacro %}


{#- Whole days from one date to a later one. -#}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%} ({{ later }} - {{ earlier }}) {%- endmacro %}
{% macro duckdb__days_between(earlier, later) -%} date_diff('day', {{ earlier }}, {{ later }}) {%- endmacro %}


{#- The first day of the month with a number of month_number(). -#}
{% macro first_day_of_month(month_number) -%}
    {{ return(adapter.dispatch('first_day_of_month')(month_number)) }}
{%- endmacro %}

{% macro default__first_day_of_month(month_number) -%}
    make_date(cast(floor({{ month_number }} / 12.0) as integer), {{ month_number }} % 12 + 1, 1)
{%- endmacro %}


{#- A relation of the whole numbers from one to another, both inside; its bounds may be columns to its left. -#}
{% macro whole_numbers(first, last) -%}
    {{ return(adapter.dispatch('whole_numbers')(first, last)) }}
{%- endmacro %}

{% macro default__whole_numbers(first, last) -%} lateral generate_series({{ first }}, {{ last }}) {%- endmacro %}
