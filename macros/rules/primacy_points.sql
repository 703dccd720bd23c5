{#- The points of a criterion of the seed primacy_points where a value reaches it, else 0. -#}
{% macro primacy_points(criterion, value) -%}
    case
        when
            {{ value }}
            >= (
                select criteria.min_value
                from {{ ref('primacy_points') }} as criteria
                where criteria.criterion_code = '{{ criterion }}'
            )
            then (
                select criteria.points
                from {{ ref('primacy_points') }} as criteria
                where criteria.criterion_code = '{{ criterion }}'
            )
        else 0
    end
{%- endmacro %}
