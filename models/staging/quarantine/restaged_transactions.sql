-- The landed transactions of files that are new or changed, and of others what restaged_keys names: read once for all
-- that judges and stages them. Nothing, where nothing is kept: then the landing itself is read.
{%- set transactions, files = source('core', 'transactions'), ref('stg_landing__transaction_files') %}
{%- set keys, built_files = ref('restaged_keys'), staged_relation('built_files') %}

{%- if built_files %}
select *
from {{ transactions }}
where
    landed_file in (select files.landed_file from {{ files }} as files where not files.is_kept)
    {%- for column, kind in [('transaction_id', 'transaction'), ('account_id', 'account')] %}
    or {{ landed_text(column) }} in (select keys.landed_key from {{ keys }} as keys where keys.kind = '{{ kind }}')
    {%- endfor %}
{%- else %}
select *
from {{ transactions }}
where false
{%- endif %}
