-- Every landed row that doesn't stand, whole and as text. For data stewards: nobody else opens this database.
{% set judged_tables = landing_tables() %}

with judged as (
    {% for table in judged_tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table.source }}' as source_name,
        '{{ table.name }}' as table_name,
        landed_file,
        landed_row,
        landed_key,
        rejection,
        landed_text
    from {{ ref(table.source ~ '__' ~ table.name ~ '_judged') }}
    where rejection is not null
    {% endfor %}
)

select
    judged.source_name,
    judged.table_name,
    judged.landed_file,
    judged.landed_row,
    case when judged.rejection <> 'wrong_width|' then {{ keyed_hash('judged.landed_key') }} end as key_hash,
    split_part(judged.rejection, '|', 1) as reason_code,
    nullif(split_part(judged.rejection, '|', 2), '') as column_name,
    split_part(judged.rejection, '|', 3) = 'parent' as is_caused_by_parent,
    judged.landed_text
from judged
