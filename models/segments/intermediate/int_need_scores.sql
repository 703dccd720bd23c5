{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

{%- set numbers = customer_feature_numbers('features') %}
{%- do numbers.update({'risk_level_code': 'levels.points'}) %}

-- How much a customer needs wealth management, financing and settlement: three scores from weighted components.
with facts as (
    select
        features.customer_sk,
        features.as_of_date,
        versions.month_number,
        versions.rule_version,
        {{ values_in_order(numbers.values()) }} as numbers
    from {{ ref('customer_features') }} as features
    inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
    left join {{ ref('feature_points') }} as levels
        on
            versions.rule_version = levels.rule_version
            and features.risk_level_code = levels.code
            and levels.feature = 'risk_level_code'
    where {{ is_customer_rebuilt('features.customer_sk', 'versions.month_number') }}
),

components as (
    {{ need_components_side_by_side(numbers) }}
),

valued as (
    select
        facts.customer_sk,
        facts.as_of_date,
        facts.month_number,
        facts.rule_version as month_rule_version,
        components.*,
        {{ need_component_values() }}
    from facts
    left join components on facts.rule_version = components.rule_version
),

weighed as (
    select
        customer_sk,
        as_of_date,
        month_number,
        month_rule_version as rule_version,
        {{ need_points() }}
    from valued
),

thresholds as (
    {{ values_by_version(ref('segment_thresholds'), 'threshold_code', 'value', ['need_observed_share']) }}
)

select
    weighed.customer_sk,
    weighed.as_of_date,
    weighed.month_number,
    weighed.rule_version,
    {{ need_score('wealth') }} as wealth_need_score,
    {{ need_score('financing') }} as financing_need_score,
    {{ need_score('settlement') }} as settlement_need_score
from weighed
left join thresholds on weighed.rule_version = thresholds.rule_version
