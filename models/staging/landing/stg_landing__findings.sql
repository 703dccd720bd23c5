-- What was found about landed rows, without any value of theirs.
with findings as (
    select
        source_name, table_name, landed_file, landed_row, key_hash, reason_code, column_name,
        is_caused_by_parent
    from {{ ref('quarantined_rows') }}
    union all
    select
        source_name, table_name, landed_file, landed_row, key_hash, reason_code, column_name,
        false as is_caused_by_parent
    from {{ ref('warned_rows') }}
)

select
    findings.*,
    reasons.outcome
from findings
left join {{ ref('reason_codes') }} as reasons on findings.reason_code = reasons.reason_code
