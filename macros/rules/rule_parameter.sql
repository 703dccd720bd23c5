{#- The value of a parameter of the seed rule_parameters, as a sub-select. -#}
{% macro rule_parameter(code) -%}
    (select parameters.value from {{ ref('rule_parameters') }} as parameters where parameters.parameter_code = '{{ code }}')
{%- endmacro %}
