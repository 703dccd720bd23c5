{#-
    Coefficient of variation, sample standard deviation / mean, from a count, a sum and a sum of squares of whole
    numbers: exact up to the root, so a month made alone has the same bits as in a full build. Null below two values
    and for a sum of 0.
-#}
{% macro sample_cv(value_count, value_sum, square_sum) -%}
    {{ published_ratio(
        'sqrt(cast(' ~ value_count ~ ' * ' ~ square_sum ~ ' - ' ~ value_sum ~ ' * ' ~ value_sum ~ ' as ' ~ type_double()
        ~ ') * ' ~ value_count ~ ' / nullif(' ~ value_count ~ ' - 1, 0)) / nullif(cast(' ~ value_sum ~ ' as '
        ~ type_double() ~ '), 0)'
    ) }}
{%- endmacro %}


{#- Days from one day of a month to another, going forward on a circle of 31 days. Null in, null out. -#}
{% macro days_on_circle(from_day, to_day) -%} ({{ to_day }} - {{ from_day }} + 31) % 31 {%- endmacro %}


{#-
    The fewest days of a circle of 31 days that hold all of some days of a month: days 30, 31 and 2 lie within 3. The
    stretch begins on one of them. Nulls don't count.
-#}
{% macro least_arc(days) -%}
    least(
        {%- for start in days %}
        greatest(
            {%- for day in days %}{{ days_on_circle(start, day) }}{{ ', ' if not loop.last }}{% endfor -%}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}


{#- How many of some columns of a row aren't null. -#}
{% macro count_known(columns) -%}
    ({% for column in columns %}case when {{ column }} is null then 0 else 1 end{{ ' + ' if not loop.last }}{% endfor %})
{%- endmacro %}


{#- Sum of some money columns of a row, or of their squares (power=2), in whole cents. Nulls count 0. -#}
{% macro sum_of_cents(columns, power=1) -%}
    (
        {%- for column in columns %}
        {%- set cents = scaled(column, 100) %}
        coalesce({{ ([cents] * power) | join(' * ') }}, 0){{ ' +' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}


{#- A published ratio of two numbers; null when the divisor is 0 or less, or anything is null. -#}
{% macro ratio(numerator, divisor) -%}
    {{ published_ratio(
        'cast(' ~ numerator ~ ' as ' ~ type_double() ~ ') / nullif(cast(greatest(' ~ divisor ~ ', 0) as '
        ~ type_double() ~ '), 0)'
    ) }}
{%- endmacro %}
