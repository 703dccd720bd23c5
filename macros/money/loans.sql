{#-
    What a loan costs a month when it is paid back in equal instalments over its months, rounded to the cent. Null in, null
    out; null also without a month to pay in.
-#}
{% macro monthly_annuity(principal, annual_rate, months) -%}
    cast(
        {{ published_ratio(
            'case when ' ~ annual_rate ~ ' = 0 then ' ~ principal ~ ' / nullif(cast(greatest(' ~ months ~ ', 0) as '
            ~ type_double() ~ '), 0) else ' ~ principal ~ ' * cast(' ~ annual_rate ~ ' as ' ~ type_double()
            ~ ') / 12 / nullif(1 - power(1 + cast(' ~ annual_rate ~ ' as ' ~ type_double() ~ ') / 12, -greatest('
            ~ months ~ ', 0)), 0) end'
        ) }} as decimal(18, 2)
    )
{%- endmacro %}
