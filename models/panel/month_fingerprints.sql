-- Two fingerprints per ledger month: over all facts that first act in it, and over those that are nobody's own, such as
-- rates and rules. A refresh compares them with those of the last complete build to find what it has to make again.
with ledger as (
    select
        min(month_number) as first_month_number,
        max(month_number) as last_month_number
    from {{ ref('ledger_months') }}
),

facts as (
    select effective_date, fingerprint, {{ is_shared_fact('account_sk', 'customer_sk') }} as is_shared
    from {{ ref('int_core_fingerprints') }}
    union all
    select effective_date, fingerprint, {{ is_shared_fact('null', 'customer_sk') }} as is_shared
    from {{ ref('int_other_fingerprints') }}
    union all
    select effective_date, fingerprint, true as is_shared
    from {{ ref('int_rule_fingerprints') }}
),

-- a day's facts first: days are few, and to ask each fact for the number of its month is dear
daily as (
    select
        effective_date,
        sum(fingerprint) as fingerprint,
        sum(case when is_shared then fingerprint else 0 end) as shared_fingerprint
    from facts
    group by effective_date
),

dated as (
    select
        greatest({{ month_number('daily.effective_date') }}, ledger.first_month_number) as month_number,
        daily.fingerprint,
        daily.shared_fingerprint
    from daily
    cross join ledger
    where {{ month_number('daily.effective_date') }} <= ledger.last_month_number
),

summed as (
    select
        month_number,
        sum(fingerprint) as fingerprint,
        sum(shared_fingerprint) as shared_fingerprint
    from dated
    group by month_number
)

select
    months.as_of_date,
    months.month_number,
    cast(coalesce(summed.fingerprint, 0) as {{ dbt.type_string() }}) as fingerprint,
    cast(coalesce(summed.shared_fingerprint, 0) as {{ dbt.type_string() }}) as shared_fingerprint
from {{ ref('ledger_months') }} as months
left join summed on months.month_number = summed.month_number
