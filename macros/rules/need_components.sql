{#- The needs that are scored, and how many components a score may have. -#}
{% macro need_codes() %} {{ return(['wealth', 'financing', 'settlement']) }} {% endmacro %}
{% macro components_per_need() %} {{ return(5) }} {% endmacro %}


{#- One row per rule version, the components of all needs beside each other. -#}
{% macro need_components_side_by_side() -%}
    select
        rule_version
        {%- for need in need_codes() %}
        {%- for number in range(1, components_per_need() + 1) %}
        {%- for column in ['feature', 'floor_value', 'cap_value', 'weight'] %},
        max(case when need_code = '{{ need }}' and component_number = {{ number }} then {{ column }} end)
            as {{ need }}_{{ column }}_{{ number }}
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('need_components') }}
    group by rule_version
{%- endmacro %}


{#-
    Columns weight, observed_weight and points of a need. A component is worth its weight × how far its value lies between
    floor and cap; without a value it is unobserved. Added up in a fixed order, so that the last digit never changes.
-#}
{% macro need_points(need) -%}
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
    {{ points | join('\n    + ') }} as {{ need }}_points
{%- endmacro %}
