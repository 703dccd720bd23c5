{% set named = [] -%}
{%- for table in landing_tables() -%}
{%- do named.append(table.source ~ '.' ~ table.name) -%}
{%- endfor -%}
{%- set declared = [] -%}
{%- for node in graph.get('sources', {}).values() if node.source_name != 'landing' -%}
{%- do declared.append(node.source_name ~ '.' ~ node.name) -%}
{%- endfor -%}

select
    table_name,
    finding
from (
    select
        '' as table_name,
        '' as finding
    {%- for table in declared | reject('in', named) %}
    union all
    select
        '{{ table }}' as table_name,
        'not in the macro landing_tables' as finding
    {%- endfor %}
    {%- for table in named | reject('in', declared) %}
    union all
    select
        '{{ table }}' as table_name,
        'not in a sources YAML' as finding
    {%- endfor %}
) as findings
where table_name <> ''
