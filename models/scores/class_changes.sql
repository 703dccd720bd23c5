{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What changed for a customer from one month to the next: tier, need, activity or class.
with codes as (
    select * from {{ ref('int_segment_codes') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number', 1) }}
),

-- Said of either: of what it joins outward the engine reads all months, and what is read twice it holds in memory.
scores as (
    select customer_sk, as_of_date, composite_score from {{ ref('customer_scores') }}
    where {{ is_rebuilt('as_of_date') }}
),

old_scores as (
    select customer_sk, as_of_date, composite_score from {{ ref('customer_scores') }}
    where {{ is_rebuilt('as_of_date', 1) }}
),

objections as (
    select
        customer_sk,
        occurred_at,
        coalesce(outcome_code, 'open') = 'resolved' as is_resolved
    from {{ ref('stg_crm__interactions') }}
    where interaction_type_code = 'objection'
),

changed as (
    select
        new.customer_sk,
        new.as_of_date,
        new.month_number,
        old.as_of_date as previous_as_of_date,
        new.dimension,
        old.segment_code as old_code,
        new.segment_code as new_code,
        new.rule_code,
        months.rule_version,
        old_months.rule_version as previous_rule_version,
        {{ days_after('new.as_of_date', 'rules.appeal_days') }} as appeal_deadline_date
    from codes as new
    inner join codes as old
        on
            new.customer_sk = old.customer_sk
            and new.dimension = old.dimension
            and new.month_number - 1 = old.month_number
            and new.segment_code <> old.segment_code
    inner join {{ ref('month_rule_versions') }} as months on new.as_of_date = months.as_of_date
    inner join {{ ref('month_rule_versions') }} as old_months on old.as_of_date = old_months.as_of_date
    left join {{ ref('class_rules') }} as rules on months.rule_version = rules.rule_version
    where {{ is_customer_rebuilt('new.customer_sk', 'new.month_number') }}
),

-- open: raised, and not resolved at the same time or later
objected as (
    select
        changed.customer_sk,
        changed.as_of_date,
        changed.dimension,
        max(case when not objections.is_resolved then objections.occurred_at end) as raised_at,
        max(case when objections.is_resolved then objections.occurred_at end) as resolved_at
    from changed
    inner join objections
        on
            changed.customer_sk = objections.customer_sk
            and cast(objections.occurred_at as date) <= changed.as_of_date
    group by changed.customer_sk, changed.as_of_date, changed.dimension
)

select
    changed.*,
    old_scores.composite_score as previous_composite_score,
    scores.composite_score,
    coalesce(objected.raised_at > objected.resolved_at, objected.raised_at is not null) as has_open_objection
from changed
left join objected
    on
        changed.customer_sk = objected.customer_sk
        and changed.as_of_date = objected.as_of_date
        and changed.dimension = objected.dimension
left join scores
    on changed.customer_sk = scores.customer_sk and changed.as_of_date = scores.as_of_date
left join old_scores
    on changed.customer_sk = old_scores.customer_sk and changed.previous_as_of_date = old_scores.as_of_date
