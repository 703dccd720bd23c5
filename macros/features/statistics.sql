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


{#- A published ratio of two numbers; null when the divisor is 0 or less, or anything is null. -#}
{% macro ratio(numerator, divisor) -%}
    {{ published_ratio(
        'cast(' ~ numerator ~ ' as ' ~ type_double() ~ ') / nullif(cast(greatest(' ~ divisor ~ ', 0) as '
        ~ type_double() ~ '), 0)'
    ) }}
{%- endmacro %}
