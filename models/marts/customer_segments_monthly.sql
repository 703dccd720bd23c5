{{ config(
    materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

{%- set labelled = {
    'value_tier': 'tiers.value_tier_code',
    'tier_status': 'tiers.tier_status_code',
    'need': 'needs.need_segment_code',
    'activity': 'activities.activity_state_code',
    'class': 'classes.customer_class_code',
    'deposit_stability': 'stabilities.deposit_stability_code',
} %}

with tiers as (
    select * from {{ ref('customer_value_tiers') }}
    where {{ is_rebuilt('as_of_date') }}
),

needs as (
    select * from {{ ref('customer_needs') }}
    where {{ is_rebuilt('as_of_date') }}
),

activities as (
    select * from {{ ref('customer_activity_states') }}
    where {{ is_rebuilt('as_of_date') }}
),

stabilities as (
    select * from {{ ref('customer_deposit_stability') }}
    where {{ is_rebuilt('as_of_date') }}
)

select
    parties.customer_key,
    tiers.as_of_date,
    tiers.earned_value_tier_code,
    tiers.service_value_tier_code,
    tiers.value_tier_code,
    value_tier_codes.rank as value_tier_rank,
    value_tier_codes.label as value_tier_label,
    value_tier_codes.label_zh as value_tier_label_zh,
    tiers.tier_status_code,
    tier_status_codes.label as tier_status_label,
    tier_status_codes.label_zh as tier_status_label_zh,
    needs.need_segment_code,
    need_codes.label as need_segment_label,
    need_codes.label_zh as need_segment_label_zh,
    needs.computed_need_segment_code,
    needs.need_rule_code,
    needs.wealth_need_score,
    needs.financing_need_score,
    needs.settlement_need_score,
    activities.activity_state_code,
    activity_codes.label as activity_state_label,
    activity_codes.label_zh as activity_state_label_zh,
    activities.computed_activity_state_code,
    activities.activity_rule_code,
    activities.inactivity_days,
    activities.is_escheat_due,
    activities.slowing_points,
    activities.slowing_signals,
    classes.earned_customer_class_code,
    classes.customer_class_code,
    class_codes.label as customer_class_label,
    class_codes.label_zh as customer_class_label_zh,
    stabilities.deposit_stability_code,
    deposit_stability_codes.label as deposit_stability_label,
    deposit_stability_codes.label_zh as deposit_stability_label_zh,
    stabilities.stable_amount,
    stabilities.less_stable_amount,
    stabilities.runoff_amount,
    tiers.rule_version
from tiers
inner join {{ ref('months_to_publish') }} as months on tiers.as_of_date = months.as_of_date
inner join {{ ref('stg_core__parties') }} as parties on tiers.customer_sk = parties.customer_sk
inner join needs on tiers.customer_sk = needs.customer_sk and tiers.as_of_date = needs.as_of_date
inner join {{ ref('customer_classes') }} as classes
    on tiers.customer_sk = classes.customer_sk and tiers.as_of_date = classes.as_of_date
inner join activities on tiers.customer_sk = activities.customer_sk and tiers.as_of_date = activities.as_of_date
inner join stabilities on tiers.customer_sk = stabilities.customer_sk and tiers.as_of_date = stabilities.as_of_date
-- Left, so that they are joined last: DuckDB would carry the labels through the large joins and spill them.
{%- for dimension, column in labelled.items() %}
left join {{ ref('classification_codes') }} as {{ dimension }}_codes
    on {{ column }} = {{ dimension }}_codes.code and {{ dimension }}_codes.dimension = '{{ dimension }}'
{%- endfor %}
where
    {{ is_customer_rebuilt('tiers.customer_sk', 'months.month_number') }}
    and {{ is_rebuilt('classes.as_of_date') }}
