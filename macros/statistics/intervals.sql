{#-
    A bound of Wilson's interval for a share: sign is '-' for the lower one and '+' for the upper one. Null without
    trials.

    Arguments are SQL expressions: successes, trials, z (quantile of the normal distribution).
-#}
{% macro wilson_bound(successes, trials, z, sign) -%}
    {%- set n = 'cast(nullif(' ~ trials ~ ', 0) as ' ~ type_double() ~ ')' -%}
    {%- set x = 'cast(' ~ successes ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set z = 'cast(' ~ z ~ ' as ' ~ type_double() ~ ')' -%}
    (
        ({{ x }} + {{ z }} * {{ z }} / 2 {{ sign }} {{ z }} * sqrt({{ x }} * ({{ n }} - {{ x }}) / {{ n }} + {{ z }} * {{ z }} / 4))
        / ({{ n }} + {{ z }} * {{ z }})
    )
{%- endmacro %}


{#-
    A bound of Newcombe's interval (from Wilson's, his method 10) for the difference of two independent shares,
    first - second.

    Arguments: sign ('-' lower, '+' upper); SQL expressions of both shares and of the bounds of their own intervals.
-#}
{% macro newcombe_bound(sign, first, first_lower, first_upper, second, second_lower, second_upper) -%}
    {%- set first_end, second_end = (first_lower, second_upper) if sign == '-' else (first_upper, second_lower) -%}
    {{ published_ratio(
        first ~ ' - ' ~ second ~ ' ' ~ sign ~ ' sqrt((' ~ first ~ ' - ' ~ first_end ~ ') * (' ~ first ~ ' - ' ~ first_end
        ~ ') + (' ~ second ~ ' - ' ~ second_end ~ ') * (' ~ second ~ ' - ' ~ second_end ~ '))'
    ) }}
{%- endmacro %}
