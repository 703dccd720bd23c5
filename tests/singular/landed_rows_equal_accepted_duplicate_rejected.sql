select
    source_name,
    table_name,
    landed_count,
    accepted_count,
    duplicate_count,
    rejected_count
from {{ ref('data_reconciliation') }}
where not is_reconciled or landed_count <> accepted_count + duplicate_count + rejected_count
