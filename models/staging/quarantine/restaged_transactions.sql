-- The landed transactions of files that are new or changed, and of others the rows that restaged_keys names: read once
-- for all that judges and stages them. Nothing, where nothing is kept: then the landing itself is read.
{%- set transactions, files = source('core', 'transactions'), ref('stg_landing__transaction_files') %}
{%- set keys = ref('restaged_keys') %}

select landed.*
from {{ transactions }} as landed
{%- if staged_relation('built_files') %}
where landed.landed_file in ({{ landed_files_of(files, 'not is_kept') }})
union all
select landed.*
from {{ transactions }} as landed
inner join {{ keys }} as keys on landed.landed_file = keys.landed_file and landed.landed_row = keys.landed_row
where landed.landed_file in ({{ landed_files_of(keys) }})
{%- else %}
where false
{%- endif %}
