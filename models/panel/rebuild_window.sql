-- From which month on this build makes what: of all customers the first month whose shared facts differ from those of
-- the last complete build, of the accounts and customers that have changed the first month that differs at all.
-- Everything, when there is no complete build, on a full refresh, or when a model that keeps months is missing.
{% set built_months = built_relation('built_months') if built_relation('built_fingerprints') %}

with compared as (
    {% if built_months -%}
    select
        coalesce(months.month_number, built.month_number) as month_number,
        coalesce(months.fingerprint = built.fingerprint, false) as is_unchanged,
        coalesce(months.shared_fingerprint = built.shared_fingerprint, false) as is_shared_unchanged,
        months.month_number is null as is_gone
    from {{ ref('month_fingerprints') }} as months
    full outer join {{ built_months }} as built on months.month_number = built.month_number
    {%- else -%}
    select
        month_number,
        false as is_unchanged,
        false as is_shared_unchanged,
        false as is_gone
    from {{ ref('month_fingerprints') }}
    {%- endif %}
),

-- with nothing changed, the month after the last; without a ledger, any
bounds as (
    select
        coalesce(min(case when not is_unchanged then month_number end), max(month_number) + 1, 0) as first_month_number,
        coalesce(min(case when not is_shared_unchanged then month_number end), max(month_number) + 1, 0)
            as shared_month_number,
        -- what was noted of a customer reaches further than the ledger now does: there is nothing to compare; and marts
        -- of the newest months have given up months that are among the newest again
        coalesce(max(case when is_gone then 1 else 0 end), 0) = 1 as is_shortened,
        min(month_number) as oldest_month_number
    from compared
)

select
    cast(null as bigint) as account_sk,
    cast(null as bigint) as customer_sk,
    cast(null as {{ dbt.type_string() }}) as customer_key,
    case when is_shortened then oldest_month_number else shared_month_number end as rebuild_from_month_number
from bounds
union all
select
    subjects.account_sk,
    subjects.customer_sk,
    subjects.customer_key,
    bounds.first_month_number as rebuild_from_month_number
from {{ ref('int_changed_subjects') }} as subjects
cross join bounds
where bounds.first_month_number < bounds.shared_month_number and not bounds.is_shortened
