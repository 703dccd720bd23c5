{%- set code_lists = [] -%}
{%- for node in graph.get('sources', {}).values() -%}
{%- for column in node.columns.values() if column.config.meta.code_list is defined -%}
{%- do code_lists.append(column.config.meta.code_list) -%}
{%- endfor -%}
{%- endfor -%}

select wanted.code_list
from (
    select 'currency_code' as code_list
    {%- for code_list in code_lists | unique | sort | reject('in', ['currency_code', 'region_code']) %}
    union all
    select '{{ code_list }}' as code_list
    {%- endfor %}
) as wanted
left join {{ ref('canonical_codes') }} as codes on wanted.code_list = codes.code_list
where codes.code is null
