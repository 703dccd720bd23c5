{{ config(severity='warn') }}

select
    source_name,
    table_name,
    landed_count,
    rejected_count,
    rejected_share
from {{ ref('data_reconciliation') }}
where not is_publishable
