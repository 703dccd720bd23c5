{{ config(meta={'is_made_by_customer': true}) }}
{%- set segments = [
    'earned_value_tier_code', 'service_value_tier_code', 'value_tier_code', 'value_tier_label', 'value_tier_label_zh',
    'tier_status_code', 'tier_status_label', 'tier_status_label_zh', 'need_segment_code', 'need_segment_label',
    'need_segment_label_zh', 'wealth_need_score', 'financing_need_score', 'settlement_need_score', 'activity_state_code',
    'activity_state_label', 'activity_state_label_zh', 'inactivity_days', 'earned_customer_class_code',
    'customer_class_code', 'customer_class_label', 'customer_class_label_zh', 'deposit_stability_code',
    'deposit_stability_label', 'deposit_stability_label_zh', 'runoff_amount',
] %}
{%- set features = [
    'customer_type_code', 'age_years', 'age_band_code', 'gender_code', 'occupation_code', 'education_code',
    'marital_status_code', 'life_stage_code', 'industry_code', 'enterprise_size_code', 'region_code', 'branch_id',
    'customer_since_date', 'tenure_months', 'month_end_balance', 'adb_1m', 'adb_3m', 'adb_12m', 'market_value', 'aum_1m',
    'drawdown_12m', 'balance_cv_6m', 'term_share', 'term_next_maturity_date', 'term_due_30d_amount',
    'customer_txn_count_12m', 'active_months_12m', 'days_since_activity', 'preferred_channel_code', 'digital_share_12m',
    'inflow_amount_12m', 'outflow_amount_12m', 'outflow_other_bank_3m', 'has_salary_inflow', 'salary_amount',
    'is_salary_stopped', 'contribution_12m', 'loan_outstanding', 'days_past_due', 'max_dpd_12m', 'npl_share',
    'credit_rating_code', 'risk_level_code', 'risk_preference_code', 'is_risk_profile_conflict', 'product_line_count',
    'primacy_score', 'income_level_amount', 'income_growth_12m', 'annual_revenue_amount',
] %}
{%- set scores = [
    'contribution_score', 'risk_score', 'potential_score', 'composite_score', 'observed_weight_share', 'confidence_grade',
] %}
{%- set reasons = {
    'lost_reason': ('lost', 1), 'second_lost_reason': ('lost', 2), 'strength_reason': ('strength', 1),
    'next_class_reason': ('next_class', 1),
} %}
{%- set service = [
    'service_level_code', 'service_level_label', 'service_level_label_zh', 'tier_movement_code', 'is_tier_moved',
] %}

-- Everything of the newest month beside each other, as it stands in the narrow marts.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('published_months') }}
),

reasons as {{ not_materialized() }} (
    select customer_key, reason_type_code, reason_rank, reason_text, reason_text_zh
    from {{ ref('customer_score_reasons') }}
    where {{ is_key_read('customer_key') }}
),

-- the best that may be offered, else nothing: the alternative is nobody's own
offers as (
    select
        customer_key,
        product_code as next_best_product_code,
        product_label as next_best_product_label,
        product_label_zh as next_best_product_label_zh,
        channel_code as next_best_channel_code,
        expected_value_amount as next_best_expected_value_amount
    from {{ ref('customer_recommendations') }}
    where rank = 1 and guard_status_code = 'allowed' and {{ is_key_read('customer_key') }}
),

ranked_alerts as (
    select
        alerts.*,
        row_number() over (
            partition by alerts.customer_key
            order by alerts.severity_rank, alerts.on_since_date, {{ by_bytes('alerts.signal_code') }}
        ) as alert_rank
    from {{ ref('customer_alerts') }} as alerts
    inner join newest on alerts.as_of_date = newest.as_of_date
    where {{ is_key_read('alerts.customer_key') }}
),

alerts as (
    select
        customer_key,
        count(*) as open_alert_count,
        sum(case when is_new then 1 else 0 end) as new_alert_count
    from ranked_alerts
    group by customer_key
),

tags as (
    select customer_key, count(*) as tag_count
    from {{ ref('customer_tags') }}
    where valid_to is null and {{ is_key_read('customer_key') }}
    group by customer_key
),

reviews as (
    select customer_key, count(*) as open_review_count
    from {{ ref('manual_review_queue') }}
    where {{ is_key_read('customer_key') }}
    group by customer_key
)

select
    segments.customer_key,
    segments.as_of_date,
    {%- for name in features %}
    features.{{ name }},
    {%- endfor %}
    {%- for name in segments %}
    segments.{{ name }},
    {%- endfor %}
    {%- for name in scores %}
    scores.{{ name }},
    {%- endfor %}
    {%- for name in reasons %}
    {{ name }}.reason_text as {{ name }},
    {{ name }}.reason_text_zh as {{ name }}_zh,
    {%- endfor %}
    {%- for name in service %}
    services.{{ name }},
    {%- endfor %}
    offers.next_best_product_code,
    offers.next_best_product_label,
    offers.next_best_product_label_zh,
    offers.next_best_channel_code,
    offers.next_best_expected_value_amount,
    cast(coalesce(alerts.open_alert_count, 0) as bigint) as open_alert_count,
    cast(coalesce(alerts.new_alert_count, 0) as bigint) as new_alert_count,
    top_alerts.signal_code as top_alert_code,
    top_alerts.signal_label as top_alert_label,
    top_alerts.signal_label_zh as top_alert_label_zh,
    top_alerts.severity_code as top_alert_severity_code,
    cast(coalesce(tags.tag_count, 0) as bigint) as tag_count,
    cast(coalesce(reviews.open_review_count, 0) as bigint) as open_review_count,
    segments.rule_version
from {{ ref('customer_segments_monthly') }} as segments
inner join newest on segments.as_of_date = newest.as_of_date
inner join {{ ref('customer_features_monthly') }} as features
    on segments.customer_key = features.customer_key and segments.as_of_date = features.as_of_date
inner join {{ ref('customer_scores_monthly') }} as scores
    on segments.customer_key = scores.customer_key and segments.as_of_date = scores.as_of_date
inner join {{ ref('customer_service_levels') }} as services on segments.customer_key = services.customer_key
-- texts are joined, not aggregated: DuckDB spills what it joins, and keeps the texts of an aggregate in memory
{%- for name, (type, rank) in reasons.items() %}
left join reasons as {{ name }}
    on
        segments.customer_key = {{ name }}.customer_key
        and {{ name }}.reason_type_code = '{{ type }}'
        and {{ name }}.reason_rank = {{ rank }}
{%- endfor %}
left join offers on segments.customer_key = offers.customer_key
left join alerts on segments.customer_key = alerts.customer_key
left join ranked_alerts as top_alerts on segments.customer_key = top_alerts.customer_key and top_alerts.alert_rank = 1
left join tags on segments.customer_key = tags.customer_key
left join reviews on segments.customer_key = reviews.customer_key
where
    {{ is_key_read('segments.customer_key') }}
    and {{ is_key_read('features.customer_key') }}
    and {{ is_key_read('scores.customer_key') }}
    and {{ is_key_read('services.customer_key') }}
