{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

-- What the evaluation looks at, customer by customer: the codes, the scores, and what they are measured against.
with inactive_states as (
    select activity_state_code from {{ ref('outcome_activity_states') }}
)

select
    features.customer_sk,
    features.as_of_date,
    months.month_number,
    features.gender_code,
    features.age_band_code,
    tiers.value_tier_code,
    tiers.earned_value_tier_code,
    tiers.service_value_tier_code,
    tiers.tier_status_code,
    needs.need_segment_code,
    activities.activity_state_code,
    classes.customer_class_code,
    classes.earned_customer_class_code as earned_class_code,
    classes.held_customer_class_code as held_class_code,
    stabilities.deposit_stability_code,
    inactive_states.activity_state_code is not null as is_inactive,
    activities.slowing_points,
    activities.slowing_signals,
    features.month_end_balance,
    features.adb_1m,
    features.adb_12m,
    features.aum_1m,
    features.market_value,
    features.valuation_change_1m,
    features.contribution_12m,
    features.loan_outstanding,
    features.days_past_due,
    features.max_dpd_12m,
    features.customer_txn_per_month_12m,
    features.product_line_count,
    features.primacy_score,
    features.digital_share_12m,
    features.income_level_amount,
    features.balance_cv_6m,
    scores.composite_score,
    scores.contribution_score,
    scores.risk_score,
    scores.potential_score,
    needs.wealth_need_score,
    needs.financing_need_score,
    needs.settlement_need_score
from {{ ref('customer_features') }} as features
inner join {{ ref('ledger_months') }} as months on features.as_of_date = months.as_of_date
inner join {{ ref('customer_value_tiers') }} as tiers
    on features.customer_sk = tiers.customer_sk and features.as_of_date = tiers.as_of_date
inner join {{ ref('customer_needs') }} as needs
    on features.customer_sk = needs.customer_sk and features.as_of_date = needs.as_of_date
inner join {{ ref('customer_activity_states') }} as activities
    on features.customer_sk = activities.customer_sk and features.as_of_date = activities.as_of_date
inner join {{ ref('customer_deposit_stability') }} as stabilities
    on features.customer_sk = stabilities.customer_sk and features.as_of_date = stabilities.as_of_date
inner join {{ ref('customer_scores') }} as scores
    on features.customer_sk = scores.customer_sk and features.as_of_date = scores.as_of_date
inner join {{ ref('customer_classes') }} as classes
    on features.customer_sk = classes.customer_sk and features.as_of_date = classes.as_of_date
-- what happened is what the rules saw: a judgement is no fact
left join inactive_states on activities.computed_activity_state_code = inactive_states.activity_state_code
-- said of every table, so that none is read with its history
where
    {{ is_rebuilt('features.as_of_date') }}
    {%- for name in ['tiers', 'needs', 'activities', 'stabilities', 'scores', 'classes'] %}
    and {{ is_rebuilt(name ~ '.as_of_date') }}
    {%- endfor %}
    and {{ is_customer_rebuilt('features.customer_sk', 'months.month_number') }}
