with thresholds as (
    select
        rule_version,
        currency_code,
        customer_type,
        tier_code,
        enter_at,
        stay_at
    from {{ ref('value_tiers') }}
    union all
    select
        rule_version,
        currency_code,
        customer_type,
        tier_code,
        enter_at,
        stay_at
    from {{ ref('value_tier_calibrations') }}
),

compared as (
    select
        thresholds.*,
        codes.rank,
        lag(thresholds.enter_at) over ranks as lower_enter_at,
        lag(thresholds.stay_at) over ranks as lower_stay_at
    from thresholds
    inner join {{ ref('classification_codes') }} as codes
        on thresholds.tier_code = codes.code and codes.dimension = 'value_tier'
    window ranks as (
        partition by thresholds.rule_version, thresholds.currency_code, thresholds.customer_type
        order by codes.rank
    )
)

select *
from compared
where enter_at <= lower_enter_at or stay_at < lower_stay_at
