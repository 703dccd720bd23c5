{#- The date n days after another; n may be negative or a SQL expression. -#}
{% macro days_after(date, days) -%}
    {{ return(adapter.dispatch('days_after')(date, days)) }}
{%- endmacro %}

{% macro default__days_after(date, days) -%} ({{ date }} + cast({{ days }} as integer)) {%- endmacro %}
{% macro spark__days_after(date, days) -%} date_add({{ date }}, cast({{ days }} as integer)) {%- endmacro %}


{#- Whole days from one date to a later one. -#}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%} ({{ later }} - {{ earlier }}) {%- endmacro %}
{% macro duckdb__days_between(earlier, later) -%} date_diff('day', {{ earlier }}, {{ later }}) {%- endmacro %}
{% macro spark__days_between(earlier, later) -%} datediff({{ later }}, {{ earlier }}) {%- endmacro %}


{#- The first day of the month with a number of month_number(). -#}
{% macro first_day_of_month(month_number) -%}
    {{ return(adapter.dispatch('first_day_of_month')(month_number)) }}
{%- endmacro %}

{% macro default__first_day_of_month(month_number) -%}
    make_date(cast(floor({{ month_number }} / 12.0) as integer), {{ month_number }} % 12 + 1, 1)
{%- endmacro %}

{#- PostgreSQL makes no date of a year 0, where the first month of an empty ledger lies. -#}
{% macro postgres__first_day_of_month(month_number) -%}
    {{ months_after("date '0001-01-01'", 'cast(' ~ month_number ~ ' as integer) - 12') }}
{%- endmacro %}


{#- A relation of the whole numbers from one to another, both inside; its bounds may be columns to its left. -#}
{% macro whole_numbers(first, last) -%}
    {{ return(adapter.dispatch('whole_numbers')(first, last)) }}
{%- endmacro %}

{% macro default__whole_numbers(first, last) -%} lateral generate_series({{ first }}, {{ last }}) {%- endmacro %}

{#- A sequence that counts down would be as long as one that counts up. -#}
{% macro spark__whole_numbers(first, last) -%}
    lateral explode(
        case
            when {{ last }} >= {{ first }}
                then sequence(cast({{ first }} as bigint), cast({{ last }} as bigint))
        end
    )
{%- endmacro %}


{#- The date n months after another, the month's last day where the month is shorter; n may be a SQL expression. -#}
{% macro months_after(date, months) -%}
    {{ return(adapter.dispatch('months_after')(date, months)) }}
{%- endmacro %}

{% macro default__months_after(date, months) -%}
    cast({{ date }} + make_interval(months => {{ months }}) as date)
{%- endmacro %}
{% macro duckdb__months_after(date, months) -%} cast({{ date }} + to_months({{ months }}) as date) {%- endmacro %}
{% macro spark__months_after(date, months) -%} add_months({{ date }}, {{ months }}) {%- endmacro %}


{#-
    Days of a month as a set: one bit a day, so that sets of several accounts unite by bit_or and distinct days are
    counted without a row a day.
-#}
{% macro day_bit(date) -%} (1 << (cast(extract(day from {{ date }}) as integer) - 1)) {%- endmacro %}


{#- How many days a set of day_bit() holds. -#}
{% macro count_days(day_set) -%}
    {{ return(adapter.dispatch('count_days')(day_set)) }}
{%- endmacro %}

{% macro default__count_days(day_set) -%} cast(bit_count(cast({{ day_set }} as bit(32))) as integer) {%- endmacro %}
{% macro duckdb__count_days(day_set) -%} cast(bit_count({{ day_set }}) as integer) {%- endmacro %}
{% macro spark__count_days(day_set) -%} cast(bit_count({{ day_set }}) as integer) {%- endmacro %}
