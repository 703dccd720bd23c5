-- The tier boundaries of the base currency: fixed ones, or for a currency without fixed ones those calibrated from
-- quantiles and frozen in a seed. They are never ranked again on a run.
with fixed as (
    select rule_version, currency_code, customer_type, tier_code, enter_at, stay_at, hold_months
    from {{ ref('value_tiers') }}
    where currency_code = '{{ var("base_currency") }}'
),

calibrated as (
    select
        calibrations.rule_version,
        calibrations.currency_code,
        calibrations.customer_type,
        calibrations.tier_code,
        calibrations.enter_at,
        calibrations.stay_at,
        calibrations.hold_months
    from {{ ref('value_tier_calibrations') }} as calibrations
    left join fixed on calibrations.rule_version = fixed.rule_version
    where calibrations.currency_code = '{{ var("base_currency") }}' and fixed.rule_version is null
)

select * from fixed
union all
select * from calibrated
