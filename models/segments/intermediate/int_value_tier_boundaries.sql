{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- One row per customer, month and tier boundary: is the boundary reached? Between stay_at and enter_at a customer
-- keeps what it was the month before, so the state of a month is the last unambiguous signal up to it.
with rules as (
    select
        versions.month_number,
        versions.as_of_date,
        tiers.customer_type,
        codes.rank as tier_rank,
        tiers.enter_at,
        tiers.stay_at,
        tiers.hold_months
    from {{ ref('month_rule_versions') }} as versions
    inner join {{ ref('int_value_tier_thresholds') }} as tiers on versions.rule_version = tiers.rule_version
    inner join {{ ref('classification_codes') }} as codes
        on tiers.tier_code = codes.code and codes.dimension = 'value_tier'
),

valued as (
    select
        balances.customer_sk,
        balances.as_of_date,
        rules.month_number,
        rules.tier_rank,
        rules.enter_at,
        rules.stay_at,
        rules.hold_months,
        balances.aum_1m,
        balances.valuation_change_1m,
        cast(null as boolean) as was_reached
    from {{ ref('customer_months') }} as balances
    inner join {{ ref('feat_customers__basics') }} as basics
        on balances.customer_sk = basics.customer_sk and balances.as_of_date = basics.as_of_date
    inner join rules
        on balances.as_of_date = rules.as_of_date and basics.customer_type_code = rules.customer_type
    where {{ is_customer_rebuilt('balances.customer_sk', 'rules.month_number') }}

    {% if is_incremental() -%}
    union all

    select
        customer_sk, as_of_date, month_number, tier_rank, enter_at, stay_at, hold_months, aum_1m, valuation_change_1m,
        is_reached as was_reached
    from {{ this }}
    where
        {{ is_customer_rebuilt('customer_sk', 'month_number', 1) }}
        and not {{ is_customer_rebuilt('customer_sk', 'month_number') }}
    {%- endif %}
),

preceded as (
    select
        *,
        lag(month_number) over (partition by customer_sk, tier_rank order by month_number) as previous_month_number
    from valued
),

signalled as (
    select
        *,
        case
            when was_reached is not null then was_reached
            when aum_1m is null then false
            when aum_1m >= enter_at then true
            when aum_1m < stay_at then false
            -- nothing to keep: the first month, or the first after a month without a row
            when coalesce(previous_month_number, 0) <> month_number - 1 then false
        end as signal
    from preceded
),

dated as (
    select
        *,
        max(case when signal then month_number else 0 end) over (
            partition by customer_sk, tier_rank order by month_number
        ) as last_reached_month_number,
        max(case when not signal then month_number else 0 end) over (
            partition by customer_sk, tier_rank order by month_number
        ) as last_missed_month_number
    from signalled
)

select
    customer_sk,
    as_of_date,
    month_number,
    tier_rank,
    enter_at,
    stay_at,
    hold_months,
    aum_1m,
    valuation_change_1m,
    last_reached_month_number > last_missed_month_number as is_reached
from dated
where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
