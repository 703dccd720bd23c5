{%- set asked = [] -%}
{%- for node in graph.get('nodes', {}).values() if node.resource_type == 'model' -%}
{%- do asked.extend(modules.re.findall("rule_parameter\\(['\"](\\w+)['\"]\\)", node.raw_code)) -%}
{%- endfor -%}

with asked as (
    select '' as parameter_code
    {%- for parameter_code in asked | unique | sort %}
    union all
    select '{{ parameter_code }}' as parameter_code
    {%- endfor %}
)

select
    asked.parameter_code as asked_parameter_code,
    parameters.parameter_code as seed_parameter_code
from asked
full outer join {{ ref('rule_parameters') }} as parameters on asked.parameter_code = parameters.parameter_code
where
    asked.parameter_code is null
    or (parameters.parameter_code is null and asked.parameter_code <> '')
