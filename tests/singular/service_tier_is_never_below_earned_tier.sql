with ranks as (
    select
        code,
        rank
    from {{ ref('classification_codes') }}
    where dimension = 'value_tier'
)

select
    tiers.customer_sk,
    tiers.as_of_date,
    tiers.earned_value_tier_code,
    tiers.service_value_tier_code,
    tiers.tier_status_code
from {{ ref('customer_value_tiers') }} as tiers
left join ranks as earned on tiers.earned_value_tier_code = earned.code
left join ranks as service on tiers.service_value_tier_code = service.code
where
    {{ is_customer_tested('customer_sk', 'tiers.customer_sk', 'tiers.as_of_date') }}
    and (
        earned.rank is null
        or service.rank is null
        or service.rank < earned.rank
        or (tiers.tier_status_code in ('grace', 'watch')) <> (service.rank > earned.rank)
    )
