-- What a customer's month is classified as in every dimension whose changes are told, and the rule that says so.
select
    tiers.customer_sk,
    tiers.as_of_date,
    months.month_number,
    'value_tier' as dimension,
    tiers.value_tier_code as segment_code,
    case
        when tiers.value_tier_code <> tiers.service_value_tier_code then 'judgement'
        when tiers.tier_status_code = 'not_evaluable' then 'not_evaluable'
        when tiers.tier_status_code = 'normal' then 'earned'
        else 'hold'
    end as rule_code
from {{ ref('customer_value_tiers') }} as tiers
inner join {{ ref('month_rule_versions') }} as months on tiers.as_of_date = months.as_of_date

union all

select
    customer_sk,
    as_of_date,
    month_number,
    'class' as dimension,
    customer_class_code as segment_code,
    rule_code
from {{ ref('customer_classes') }}

union all

select
    customer_sk,
    as_of_date,
    month_number,
    'need' as dimension,
    need_segment_code as segment_code,
    case when need_segment_code = computed_need_segment_code then coalesce(need_rule_code, 'no_rule') else 'judgement' end
        as rule_code
from {{ ref('customer_needs') }}

union all

select
    customer_sk,
    as_of_date,
    month_number,
    'activity' as dimension,
    activity_state_code as segment_code,
    case when activity_state_code = computed_activity_state_code then activity_rule_code else 'judgement' end
        as rule_code
from {{ ref('customer_activity_states') }}
