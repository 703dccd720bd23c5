{#- The needs that are scored. -#}
{% macro need_codes() %} {{ return(['wealth', 'financing', 'settlement']) }} {% endmacro %}
{#- How many components a need score may have. -#}
{% macro components_per_need() %} {{ return(4) }} {% endmacro %}


{#-
    One row per rule version, the components of all needs beside each other; of a feature, its place among others.
    Arguments: names (of the features, in their order).
-#}
{% macro need_components_side_by_side(names) -%}
    select
        rule_version
        {%- for need in need_codes() %}
        {%- for number in range(1, components_per_need() + 1) %}
        {%- for column in ['place', 'floor_value', 'cap_value', 'weight'] %},
        max(case when need_code = '{{ need }}' and component_number = {{ number }} then {{ column }} end)
            as {{ need }}_{{ column }}_{{ number }}
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
    from (
        select
            *,
            {{ place_of_feature('feature', names) }} as place
        from {{ ref('need_components') }}
    ) as components
    group by rule_version
{%- endmacro %}


{#- The value of each component, null when the name of its feature is none. Reads the relations facts and components. -#}
{% macro need_component_values() -%}
    {%- for need in need_codes() %}
    {%- set outer = loop %}
    {%- for number in range(1, components_per_need() + 1) %}
    {{ value_at('facts.numbers', 'components.' ~ need ~ '_place_' ~ number) }} as {{ need }}_value_{{ number }}
    {{- ',' if not (outer.last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}


{#-
    Columns weight, observed_weight and points of each need. A component is worth its weight × how far its value lies
    between floor and cap; without a value it is unobserved. Added up in a fixed order, so that the last digit never changes.
-#}
{% macro need_points() -%}
    {%- for need in need_codes() -%}
    {%- set weights, observed, points = [], [], [] -%}
    {%- for number in range(1, components_per_need() + 1) -%}
        {%- set weight = need ~ '_weight_' ~ number -%}
        {%- set value = need ~ '_value_' ~ number -%}
        {%- set floor = need ~ '_floor_value_' ~ number -%}
        {%- set cap = need ~ '_cap_value_' ~ number -%}
        {%- do weights.append('coalesce(' ~ weight ~ ', 0)') -%}
        {%- do observed.append('case when ' ~ value ~ ' is null then 0 else ' ~ weight ~ ' end') -%}
        {%- do points.append(
            'case when ' ~ value ~ ' is null then 0 else ' ~ weight
            ~ ' * least(greatest((' ~ value ~ ' - ' ~ floor ~ ') / nullif(' ~ cap ~ ' - ' ~ floor ~ ', 0), 0), 1) end'
        ) -%}
    {%- endfor -%}
    {{ weights | join(' + ') }} as {{ need }}_weight,
    {{ observed | join('\n    + ') }} as {{ need }}_observed_weight,
    {{ points | join('\n    + ') }} as {{ need }}_points{{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}


{#- The score of a need: null when too little of its weight is observed. Reads the relations weighed and thresholds. -#}
{% macro need_score(need) -%}
    case
        when
            weighed.{{ need }}_observed_weight > 0
            and weighed.{{ need }}_observed_weight >= thresholds.need_observed_share * weighed.{{ need }}_weight
            then {{ published_ratio('100 * weighed.' ~ need ~ '_points / weighed.' ~ need ~ '_observed_weight') }}
    end
{%- endmacro %}


{#- How many of the columns <name><suffix> aren't null. -#}
{% macro count_of_known(names, suffix) -%}
    {%- for name in names -%}
    {{ '+ ' if not loop.first }}case when {{ name }}{{ suffix }} is null then 0 else 1 end{{ ' ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
