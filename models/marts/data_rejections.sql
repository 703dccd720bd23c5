with run as (
    select max(as_of_date) as as_of_date from {{ ref('ledger_months') }}
)

select
    run.as_of_date,
    findings.source_name,
    findings.table_name,
    findings.landed_file,
    findings.landed_row,
    findings.key_hash,
    findings.outcome as severity_code,
    findings.reason_code,
    reasons.label as reason_label,
    reasons.label_zh as reason_label_zh,
    findings.column_name,
    findings.is_caused_by_parent
from {{ ref('stg_landing__findings') }} as findings
inner join {{ ref('reason_codes') }} as reasons on findings.reason_code = reasons.reason_code
cross join run
