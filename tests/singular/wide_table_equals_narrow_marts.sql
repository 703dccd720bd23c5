{%- set narrow = {
    'customer_features_monthly': [
        'customer_type_code', 'age_years', 'age_band_code', 'gender_code', 'occupation_code', 'education_code',
        'marital_status_code', 'life_stage_code', 'industry_code', 'enterprise_size_code', 'region_code', 'branch_id',
        'customer_since_date', 'tenure_months', 'month_end_balance', 'adb_1m', 'adb_3m', 'adb_12m', 'market_value', 'aum_1m',
        'drawdown_12m', 'balance_cv_6m', 'term_share', 'term_next_maturity_date', 'term_due_30d_amount',
        'customer_txn_count_12m', 'active_months_12m', 'days_since_activity', 'preferred_channel_code', 'digital_share_12m',
        'inflow_amount_12m', 'outflow_amount_12m', 'outflow_other_bank_3m', 'has_salary_inflow', 'salary_amount',
        'is_salary_stopped', 'contribution_12m', 'loan_outstanding', 'days_past_due', 'max_dpd_12m', 'npl_share',
        'credit_rating_code', 'risk_level_code', 'risk_preference_code', 'is_risk_profile_conflict', 'product_line_count',
        'primacy_score', 'income_level_amount', 'income_growth_12m', 'annual_revenue_amount',
    ],
    'customer_segments_monthly': [
        'earned_value_tier_code', 'service_value_tier_code', 'value_tier_code', 'tier_status_code', 'need_segment_code',
        'wealth_need_score', 'financing_need_score', 'settlement_need_score', 'activity_state_code',
        'earned_customer_class_code', 'customer_class_code', 'deposit_stability_code', 'runoff_amount',
    ],
    'customer_scores_monthly': [
        'contribution_score', 'risk_score', 'potential_score', 'composite_score', 'observed_weight_share',
        'confidence_grade',
    ],
    'customer_service_levels': ['service_level_code', 'tier_movement_code', 'is_tier_moved'],
} %}

-- Customers, codes and numbers of the newest month, wide against narrow; null equals null.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('customer_features_monthly') }}
),

alerts as (
    select alerts.customer_key, count(*) as open_alert_count
    from {{ ref('customer_alerts') }} as alerts
    inner join newest on alerts.as_of_date = newest.as_of_date
    group by alerts.customer_key
),

offers as (
    select
        customer_key,
        max(case when rank = 1 and guard_status_code = 'allowed' then product_code end) as next_best_product_code
    from {{ ref('customer_recommendations') }}
    group by customer_key
)

{% for mart, columns in narrow.items() -%}
select coalesce(wide.customer_key, narrow.customer_key) as customer_key, '{{ mart }}' as mart
from (
    select {{ mart }}.*
    from {{ ref(mart) }} as {{ mart }}
    inner join newest on {{ mart }}.as_of_date = newest.as_of_date
) as narrow
full outer join {{ ref('customer_360_current') }} as wide on narrow.customer_key = wide.customer_key
where
    narrow.customer_key is null
    or wide.customer_key is null
    {%- for column in columns %}
    or wide.{{ column }} <> narrow.{{ column }}
    or (wide.{{ column }} is null and narrow.{{ column }} is not null)
    or (wide.{{ column }} is not null and narrow.{{ column }} is null)
    {%- endfor %}
union all
{% endfor -%}
select wide.customer_key, 'customer_alerts' as mart
from {{ ref('customer_360_current') }} as wide
left join alerts on wide.customer_key = alerts.customer_key
where wide.open_alert_count <> coalesce(alerts.open_alert_count, 0)
union all
select wide.customer_key, 'customer_recommendations' as mart
from {{ ref('customer_360_current') }} as wide
inner join offers on wide.customer_key = offers.customer_key
where coalesce(wide.next_best_product_code, '') <> coalesce(offers.next_best_product_code, '')
