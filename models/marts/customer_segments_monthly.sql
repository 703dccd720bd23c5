with tiers as (
    select * from {{ ref('customer_value_tiers') }}
),

tier_labels as (
    select * from {{ ref('classification_codes') }} where dimension = 'value_tier'
),

status_labels as (
    select * from {{ ref('classification_codes') }} where dimension = 'tier_status'
),

class_labels as (
    select * from {{ ref('classification_codes') }} where dimension = 'class'
)

select
    parties.customer_key,
    tiers.as_of_date,
    tiers.earned_value_tier_code,
    tiers.service_value_tier_code,
    tiers.value_tier_code,
    tier_labels.rank as value_tier_rank,
    tier_labels.label as value_tier_label,
    tier_labels.label_zh as value_tier_label_zh,
    tiers.tier_status_code,
    status_labels.label as tier_status_label,
    status_labels.label_zh as tier_status_label_zh,
    classes.earned_customer_class_code,
    classes.customer_class_code,
    class_labels.label as customer_class_label,
    class_labels.label_zh as customer_class_label_zh,
    tiers.rule_version
from tiers
inner join {{ ref('published_months') }} as months on tiers.as_of_date = months.as_of_date
inner join {{ ref('stg_core__parties') }} as parties on tiers.customer_sk = parties.customer_sk
inner join tier_labels on tiers.value_tier_code = tier_labels.code
inner join status_labels on tiers.tier_status_code = status_labels.code
inner join {{ ref('customer_classes') }} as classes
    on tiers.customer_sk = classes.customer_sk and tiers.as_of_date = classes.as_of_date
inner join class_labels on classes.customer_class_code = class_labels.code
