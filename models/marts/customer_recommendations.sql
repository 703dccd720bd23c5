with offers as (
    select
        offers.*,
        products.label as product_label,
        products.label_zh as product_label_zh,
        products.risk_level as product_risk_level_code,
        channels.label as channel_label,
        channels.label_zh as channel_label_zh,
        statuses.label as guard_status_label,
        statuses.label_zh as guard_status_label_zh,
        guards.label as guard_label,
        guards.label_zh as guard_label_zh,
        rules.message,
        rules.message_zh
    from {{ ref('customer_offers') }} as offers
    inner join {{ ref('recommendation_rules') }} as rules
        on offers.rule_version = rules.rule_version and offers.recommendation_code = rules.recommendation_code
    inner join {{ ref('product_codes') }} as products on offers.product_code = products.product_code
    inner join {{ ref('action_codes') }} as channels
        on offers.channel_code = channels.code and channels.list = 'offer_channel'
    inner join {{ ref('action_codes') }} as statuses
        on offers.guard_status_code = statuses.code and statuses.list = 'guard_status'
    left join {{ ref('recommendation_guards') }} as guards
        on offers.rule_version = guards.rule_version and offers.guard_code = guards.guard_code
)

select
    parties.customer_key,
    offers.as_of_date,
    offers.offer_rank as rank,
    offers.recommendation_code,
    offers.product_code,
    offers.product_label,
    offers.product_label_zh,
    offers.product_risk_level_code,
    offers.channel_code,
    offers.channel_label,
    offers.channel_label_zh,
    offers.guard_status_code,
    offers.guard_status_label,
    offers.guard_status_label_zh,
    offers.guard_code,
    coalesce(offers.guard_label, offers.message) as reason,
    coalesce(offers.guard_label_zh, offers.message_zh) as reason_zh,
    offers.message,
    offers.message_zh,
    offers.acceptance_probability,
    offers.margin_rate,
    offers.expected_value_amount,
    offers.is_credit,
    offers.is_personalised,
    offers.is_reactivation,
    offers.rule_version
from offers
inner join {{ ref('stg_core__parties') }} as parties on offers.customer_sk = parties.customer_sk
