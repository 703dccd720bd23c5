-- One fingerprint per ledger month over all facts that first act in it. A refresh compares them with those of the
-- last complete build to find the first month that it has to make again.
with ledger as (
    select
        min(month_number) as first_month_number,
        max(month_number) as last_month_number
    from {{ ref('ledger_months') }}
),

facts as (
    select effective_date, fingerprint from {{ ref('int_core_fingerprints') }}
    union all
    select effective_date, fingerprint from {{ ref('int_other_fingerprints') }}
    union all
    select effective_date, fingerprint from {{ ref('int_rule_fingerprints') }}
),

dated as (
    select
        greatest({{ month_number('facts.effective_date') }}, ledger.first_month_number) as month_number,
        facts.fingerprint
    from facts
    cross join ledger
    where {{ month_number('facts.effective_date') }} <= ledger.last_month_number
),

summed as (
    select
        month_number,
        sum(fingerprint) as fingerprint
    from dated
    group by month_number
)

select
    months.as_of_date,
    months.month_number,
    cast(coalesce(summed.fingerprint, 0) as {{ dbt.type_string() }}) as fingerprint
from {{ ref('ledger_months') }} as months
left join summed on months.month_number = summed.month_number
