with run as (
    select max(as_of_date) as as_of_date from {{ ref('ledger_months') }}
),

found as (
    select
        source_name,
        table_name,
        sum(case when outcome = 'duplicate' then 1 else 0 end) as duplicate_count,
        sum(case when outcome = 'rejected' then 1 else 0 end) as rejected_count,
        sum(case when outcome = 'rejected' and is_caused_by_parent then 1 else 0 end) as caused_by_parent_count,
        sum(case when outcome = 'warning' then 1 else 0 end) as warning_count
    from {{ ref('stg_landing__findings') }}
    group by source_name, table_name
),

counted as (
    select
        run.as_of_date,
        row_counts.source_name,
        row_counts.table_name,
        row_counts.is_landed,
        row_counts.landed_count,
        row_counts.accepted_count,
        cast(coalesce(found.duplicate_count, 0) as bigint) as duplicate_count,
        cast(coalesce(found.rejected_count, 0) as bigint) as rejected_count,
        coalesce(found.rejected_count - found.caused_by_parent_count, 0) as counted_rejected_count,
        cast(coalesce(found.warning_count, 0) as bigint) as warning_count
    from {{ ref('stg_landing__row_counts') }} as row_counts
    left join found on row_counts.source_name = found.source_name and row_counts.table_name = found.table_name
    cross join run
)

select
    as_of_date,
    source_name,
    table_name,
    is_landed,
    landed_count,
    accepted_count,
    duplicate_count,
    rejected_count,
    warning_count,
    landed_count = accepted_count + duplicate_count + rejected_count as is_reconciled,
    {{ published_ratio('cast(counted_rejected_count as ' ~ type_double() ~ ') / nullif(landed_count, 0)') }}
        as rejected_share,
    counted_rejected_count < {{ var('min_rejected_rows') }}
    or counted_rejected_count <= {{ var('max_rejected_share') }} * landed_count as is_publishable
from counted
