{#- Values of one type beside each other in one column. Arguments: values (SQL expressions). -#}
{% macro values_in_order(values) -%}
    {{ return(adapter.dispatch('values_in_order')(values)) }}
{%- endmacro %}

{% macro default__values_in_order(values) -%} array[{{ values | join(',\n    ') }}] {%- endmacro %}
{% macro spark__values_in_order(values) -%} array({{ values | join(',\n    ') }}) {%- endmacro %}


{#- The value at a place of values_in_order(), counted from 1; null where the place is. -#}
{% macro value_at(values, place) -%}
    {{ return(adapter.dispatch('value_at')(values, place)) }}
{%- endmacro %}

{% macro default__value_at(values, place) -%} {{ values }}[{{ place }}] {%- endmacro %}
{% macro spark__value_at(values, place) -%} try_element_at({{ values }}, {{ place }}) {%- endmacro %}


{#-
    Of the smallest values that some shares of the rows don't exceed, the one of the share at a place: an aggregate. Asked
    for together, they cost one sort.
-#}
{% macro quantile_at(value, shares, place) -%}
    {{ return(adapter.dispatch('quantile_at')(value, shares, place)) }}
{%- endmacro %}

{% macro default__quantile_at(value, shares, place) -%}
    (
        percentile_disc(cast({{ values_in_order(shares) }} as {{ type_double() }}[])) within group (order by {{ value }})
    )[{{ place }}]
{%- endmacro %}

{% macro spark__quantile_at(value, shares, place) -%}
    percentile_disc({{ shares[place - 1] }}) within group (order by {{ value }})
{%- endmacro %}
