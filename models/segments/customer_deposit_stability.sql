{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The liquidity view: which deposits would stay under stress, and how much would run off.
with thresholds as (
    {{ values_by_version(ref('segment_thresholds'), 'threshold_code', 'value', [
        'stability_insured_limit', 'stability_tenure_months', 'stability_primacy_score',
        'runoff_rate_stable', 'runoff_rate_less_stable',
    ]) }}
),

judged as (
    select
        features.customer_sk,
        features.as_of_date,
        versions.month_number,
        features.month_end_balance,
        thresholds.runoff_rate_stable,
        thresholds.runoff_rate_less_stable,
        features.month_end_balance >= 0
        and features.month_end_balance <= thresholds.stability_insured_limit as is_insured,
        -- what is unknown establishes nothing
        coalesce(features.tenure_months >= thresholds.stability_tenure_months, false)
        or coalesce(features.has_salary_inflow, false)
        or coalesce(features.primacy_score >= thresholds.stability_primacy_score, false) as is_established
    from {{ ref('customer_features') }} as features
    inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
    left join thresholds on versions.rule_version = thresholds.rule_version
    where {{ is_customer_rebuilt('features.customer_sk', 'versions.month_number') }}
),

coded as (
    select
        *,
        case
            when is_insured and is_established then 'stable'
            when is_insured is not null then 'less_stable'
            else 'unclassified'
        end as deposit_stability_code
    from judged
),

divided as (
    select
        *,
        case deposit_stability_code
            when 'stable' then month_end_balance
            when 'less_stable' then cast(0 as decimal(18, 2))
        end as stable_amount,
        case deposit_stability_code
            when 'stable' then cast(0 as decimal(18, 2))
            when 'less_stable' then greatest(month_end_balance, 0)
        end as less_stable_amount
    from coded
)

select
    customer_sk,
    as_of_date,
    month_number,
    deposit_stability_code,
    cast(stable_amount as decimal(18, 2)) as stable_amount,
    cast(less_stable_amount as decimal(18, 2)) as less_stable_amount,
    cast(
        round(
            cast(stable_amount as decimal(28, 2)) * runoff_rate_stable
            + cast(less_stable_amount as decimal(28, 2)) * runoff_rate_less_stable,
            2
        ) as decimal(18, 2)
    ) as runoff_amount
from divided
