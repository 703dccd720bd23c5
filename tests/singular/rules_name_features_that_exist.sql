{{ config(fail_calc='count(finding)') }}

-- Every seed row that names a feature, and the names that its rules know.
{%- set segment_rule_features = {
    'activity': [
        'open_account_count', 'days_since_opening', 'inactivity_days', 'is_inactive', 'is_dormant', 'slowing_points',
        'adb_peak_12m', 'days_since_reactivation',
    ],
    'need': ['need_score_count'],
} -%}
{%- for need in need_codes() -%}
{%- do segment_rule_features['need'].extend([need ~ '_need_score', need ~ '_need_lead']) -%}
{%- endfor -%}
{%- set known = {
    'segment_rule_conditions activity': segment_rule_features['activity'],
    'segment_rule_conditions need': segment_rule_features['need'],
    'need_components': customer_feature_numbers('f') | list + ['risk_level_code'],
    'tags rule': tag_features('number', 'f') | list,
    'tags fact': tag_features('code', 'f') | list,
} %}

with named as (
    select 'segment_rule_conditions ' || dimension as place, rule_version, rule_code, feature
    from {{ ref('segment_rule_conditions') }}
    union all
    select 'need_components' as place, rule_version, need_code || ' ' || component_code as rule_code, feature
    from {{ ref('need_components') }}
    union all
    select 'tags ' || kind as place, rule_version, tag_code as rule_code, feature
    from {{ ref('tags') }}
),

known as (
    {%- for place, features in known.items() %}
    {%- set outer_first = loop.first %}
    {%- for feature in features %}
    {{ 'union all' if not (outer_first and loop.first) }}
    select '{{ place }}' as place, '{{ feature }}' as feature
    {%- endfor %}
    {%- endfor %}
)

-- A count of rows would not say which one. The test counts findings, not rows: a column that nobody reads is not made.
select
    {{ stop_with(
        "'seeds/rules: ' || named.place || ', version ' || named.rule_version || ', row ' || named.rule_code"
        ~ " || ': there is no feature ' || named.feature"
    ) }} as finding
from named
left join known on named.place = known.place and named.feature = known.feature
where known.feature is null
