{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

{%- set numbers = customer_feature_numbers('facts') %}
{%- do numbers.update({'risk_level_code': 'facts.risk_level_points'}) %}

-- How much a customer needs wealth management, financing and settlement: three scores from weighted components.
with facts as (
    select
        features.*,
        versions.month_number,
        versions.rule_version,
        levels.points as risk_level_points
    from {{ ref('customer_features') }} as features
    inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
    left join {{ ref('feature_points') }} as levels
        on
            versions.rule_version = levels.rule_version
            and features.risk_level_code = levels.code
            and levels.feature = 'risk_level_code'
    where versions.month_number >= {{ first_rebuilt_month() }}
),

components as (
    {{ need_components_side_by_side() }}
),

-- Cross joined for the reason that the rule engine gives.
valued as (
    select
        facts.customer_sk,
        facts.as_of_date,
        facts.month_number,
        components.*,
        case when facts.rule_version = components.rule_version then 1 else 0 end as is_in_force
        {%- for need in need_codes() %}
        {%- for number in range(1, components_per_need() + 1) %},
        {{ feature_number('components.' ~ need ~ '_feature_' ~ number, numbers) }} as {{ need }}_value_{{ number }}
        {%- endfor %}
        {%- endfor %}
    from facts
    cross join components
),

weighed as (
    select
        customer_sk,
        as_of_date,
        month_number,
        rule_version
        {%- for need in need_codes() %},
        {{ need_points(need) }}
        {%- endfor %}
    from valued
    where is_in_force = 1
),

thresholds as (
    {{ values_by_version(ref('segment_thresholds'), 'threshold_code', 'value', ['need_observed_share']) }}
)

select
    facts.customer_sk,
    facts.as_of_date,
    facts.month_number,
    facts.rule_version
    {%- for need in need_codes() %},
    case
        when weighed.{{ need }}_observed_weight > 0
            and weighed.{{ need }}_observed_weight >= thresholds.need_observed_share * weighed.{{ need }}_weight
            then {{ published_ratio('100 * weighed.' ~ need ~ '_points / weighed.' ~ need ~ '_observed_weight') }}
    end as {{ need }}_need_score
    {%- endfor %}
from facts
left join weighed on facts.customer_sk = weighed.customer_sk and facts.as_of_date = weighed.as_of_date
left join thresholds on facts.rule_version = thresholds.rule_version
