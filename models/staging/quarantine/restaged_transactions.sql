-- The landed transactions of files that are new or changed, and of others what restaged_numbers names: read once for all
-- that judges and stages them. Nothing, where nothing is kept: then the landing itself is read.
{%- set numbers, files = ref('restaged_numbers'), ref('stg_landing__transaction_files') %}

select *
from {{ source('core', 'transactions') }}
where
    {% if staged_relation('built_files') -%}
    landed_file in (select files.landed_file from {{ files }} as files where not files.is_kept)
    {%- for column, kind in [('transaction_id', 'transaction'), ('account_id', 'account')] %}
    or {{ landed_text(column) }} in (select numbers.number from {{ numbers }} as numbers where numbers.kind = '{{ kind }}')
    {%- endfor %}
    {%- else -%}
    false
    {%- endif %}
