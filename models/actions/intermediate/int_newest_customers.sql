-- The customers of the newest month: what recommendations, service levels and reviews look at.
select
    features.customer_sk,
    features.as_of_date,
    features.customer_type_code,
    months.month_number,
    versions.rule_version,
    tiers.value_tier_code,
    tiers.tier_status_code,
    needs.need_segment_code,
    activities.activity_state_code,
    features.risk_level_code,
    levels.level as risk_level,
    features.days_past_due,
    features.has_loan,
    features.month_end_balance,
    activities.is_escheat_due
from {{ ref('customer_features') }} as features
inner join {{ ref('ledger_months') }} as months on features.as_of_date = months.as_of_date
inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
inner join {{ ref('customer_value_tiers') }} as tiers
    on features.customer_sk = tiers.customer_sk and features.as_of_date = tiers.as_of_date
inner join {{ ref('customer_needs') }} as needs
    on features.customer_sk = needs.customer_sk and features.as_of_date = needs.as_of_date
inner join {{ ref('customer_activity_states') }} as activities
    on features.customer_sk = activities.customer_sk and features.as_of_date = activities.as_of_date
left join {{ ref('risk_preferences') }} as levels on features.risk_level_code = levels.risk_level_code
-- said of every table, so that none is read with its history
where
    {{ is_in_newest_months('features.as_of_date', 1) }}
    {%- for name in ['tiers', 'needs', 'activities'] %}
    and {{ is_in_newest_months(name ~ '.as_of_date', 1) }}
    {%- endfor %}
