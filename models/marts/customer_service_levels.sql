-- How a customer is to be served in the newest month, and whether that has just changed.
with newest as (
    select max(month_number) as month_number from {{ ref('ledger_months') }}
),

tiers as (
    select
        tiers.customer_sk,
        tiers.as_of_date,
        tiers.value_tier_code,
        tiers.tier_status_code,
        tiers.rule_version,
        months.month_number,
        codes.rank as tier_rank,
        codes.label as tier_label,
        codes.label_zh as tier_label_zh
    from {{ ref('customer_value_tiers') }} as tiers
    inner join {{ ref('ledger_months') }} as months on tiers.as_of_date = months.as_of_date
    inner join {{ ref('classification_codes') }} as codes
        on tiers.value_tier_code = codes.code and codes.dimension = 'value_tier'
    where {{ is_in_newest_months('tiers.as_of_date', '2') }}
),

moved as (
    select
        present.*,
        past.value_tier_code as previous_value_tier_code,
        past.tier_label as previous_value_tier_label,
        past.tier_label_zh as previous_value_tier_label_zh,
        case
            when past.customer_sk is null then 'joined'
            when past.tier_rank = present.tier_rank then 'unchanged'
            -- rank 0: it couldn't be told
            when past.tier_rank = 0 or present.tier_rank = 0 then 'classified'
            when past.tier_rank < present.tier_rank then 'upgraded'
            else 'downgraded'
        end as tier_movement_code
    from tiers as present
    inner join newest on present.month_number = newest.month_number
    left join tiers as past
        on present.customer_sk = past.customer_sk and present.month_number = past.month_number + 1
)

select
    parties.customer_key,
    moved.as_of_date,
    moved.value_tier_code,
    moved.tier_label as value_tier_label,
    moved.tier_label_zh as value_tier_label_zh,
    moved.tier_status_code,
    moved.previous_value_tier_code,
    moved.previous_value_tier_label,
    moved.previous_value_tier_label_zh,
    moved.tier_movement_code,
    movements.label as tier_movement_label,
    movements.label_zh as tier_movement_label_zh,
    moved.tier_movement_code not in ('joined', 'unchanged') as is_tier_moved,
    levels.service_level_code,
    levels.service_level_rank,
    levels.label as service_level_label,
    levels.label_zh as service_level_label_zh,
    levels.has_relationship_manager,
    levels.visit_count_per_year,
    levels.waived_fee_share,
    levels.hotline_code,
    levels.answer_hours,
    levels.benefits,
    levels.benefits_zh,
    moved.rule_version
from moved
inner join {{ ref('stg_core__parties') }} as parties on moved.customer_sk = parties.customer_sk
inner join {{ ref('action_codes') }} as movements
    on moved.tier_movement_code = movements.code and movements.list = 'tier_movement'
left join {{ ref('service_levels') }} as levels
    on moved.rule_version = levels.rule_version and moved.value_tier_code = levels.value_tier_code
