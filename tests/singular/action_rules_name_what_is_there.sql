{%- set asked = action_threshold_codes() %}

with features as (
    {%- for name in customer_feature_names('number') + customer_feature_names('flag') %}
    select '{{ name }}' as feature, true as is_of_catalogue
    union all
    {%- endfor %}
    {%- for name in signal_fact_names() %}
    select '{{ name }}' as feature, false as is_of_catalogue
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

codes as (
    select dimension as list, code from {{ ref('classification_codes') }}
    union all
    select 'risk_level' as list, risk_level_code as code from {{ ref('risk_preferences') }}
),

named as (
    select rule_version, recommendation_code as rule_code, 'need' as list, need_segment_code as code
    from {{ ref('recommendation_rules') }}
    union all
    select rule_version, recommendation_code as rule_code, 'value_tier' as list, value_tier_code as code
    from {{ ref('recommendation_rules') }}
    union all
    select rule_version, recommendation_code as rule_code, 'activity' as list, activity_state_code as code
    from {{ ref('recommendation_rules') }}
    union all
    select rule_version, recommendation_code as rule_code, 'risk_level' as list, risk_level_code as code
    from {{ ref('recommendation_rules') }}
),

asked as (
    {%- for threshold_code in asked %}
    select '{{ threshold_code }}' as threshold_code
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select signals.rule_version, signals.signal_code as rule_code, 'no such number' as finding
from {{ ref('alert_signals') }} as signals
left join features on signals.feature = features.feature
left join features as bases on signals.base_feature = bases.feature
where features.feature is null or (bases.feature is null and signals.base_feature is not null)
union all
select rules.rule_version, rules.recommendation_code as rule_code, 'no such number' as finding
from {{ ref('recommendation_rules') }} as rules
left join features on rules.feature = features.feature and features.is_of_catalogue
where features.feature is null and rules.feature is not null
union all
select named.rule_version, named.rule_code, 'no such ' || named.list as finding
from named
left join codes on named.list = codes.list and named.code = codes.code
where codes.code is null and named.code <> 'all'
union all
select versions.rule_version, asked.threshold_code as rule_code, 'no such threshold' as finding
from {{ ref('rule_versions') }} as versions
cross join asked
left join {{ ref('action_thresholds') }} as thresholds
    on versions.rule_version = thresholds.rule_version and asked.threshold_code = thresholds.threshold_code
where versions.status_code = 'published' and thresholds.threshold_code is null
