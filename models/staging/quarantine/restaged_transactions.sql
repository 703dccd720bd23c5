-- The landed transactions of files that stay which restaged_keys names: found once for all that judges and stages them.
-- Nothing, where nothing is kept.
{%- set keys = ref('restaged_keys') %}

select landed.*
from {{ source('core', 'transactions') }} as landed
{%- if staged_relation('built_files') %}
inner join {{ keys }} as keys on landed.landed_file = keys.landed_file and landed.landed_row = keys.landed_row
where landed.landed_file in ({{ landed_files_of(keys) }})
{%- else %}
where false
{%- endif %}
