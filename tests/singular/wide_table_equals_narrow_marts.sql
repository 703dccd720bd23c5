{%- set narrow = {
    'customer_features_monthly': [
        'month_end_balance', 'adb_1m', 'adb_12m', 'aum_1m', 'contribution_12m', 'loan_outstanding', 'max_dpd_12m',
        'risk_level_code', 'age_years', 'product_line_count',
    ],
    'customer_segments_monthly': [
        'earned_value_tier_code', 'service_value_tier_code', 'value_tier_code', 'tier_status_code', 'need_segment_code',
        'wealth_need_score', 'activity_state_code', 'customer_class_code', 'deposit_stability_code', 'runoff_amount',
    ],
    'customer_scores_monthly': [
        'contribution_score', 'risk_score', 'potential_score', 'composite_score', 'confidence_grade',
    ],
    'customer_service_levels': ['service_level_code', 'tier_movement_code'],
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
