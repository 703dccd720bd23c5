{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What a customer's wealth positions are on each month-end: their worth in exact money units (see money_units), the
-- risk they carry, and the lines of business they belong to. Positions that are long over by the first month to build
-- aren't read: they count in none of them, and end no other.
{% set validity_days = rule_parameter('position_validity_days') %}

with positions as (
    select
        *,
        lead(position_date) over (
            partition by member_sk, product_code, currency_code
            order by position_date
        ) as next_position_date
    from {{ ref('stg_wealth__positions') }}
    where {{ is_customer_month_end_rebuilt('customer_sk', days_after('position_date', validity_days)) }}
),

valid_positions as (
    select
        positions.customer_sk,
        months.as_of_date,
        months.month_number,
        positions.currency_code,
        positions.market_value_amount,
        products.product_line,
        -- R1 to R5; null for products that carry no risk level
        cast(substr(products.risk_level, 2) as integer) as risk_level
    from positions
    inner join {{ ref('ledger_months') }} as months
        on
            positions.position_date <= months.as_of_date
            and {{ date_or_never('positions.next_position_date') }} > months.as_of_date
            and {{ days_between('positions.position_date', 'months.as_of_date') }} < {{ validity_days }}
    inner join {{ ref('product_codes') }} as products on positions.product_code = products.product_code
    where {{ is_customer_rebuilt('positions.customer_sk', 'months.month_number') }}
),

valued as (
    select
        valid_positions.*,
        rates.rate_to_base,
        {{ money_units('valid_positions.market_value_amount', '1', 'rates.rate_to_base') }} as market_value_units
    from valid_positions
    left join {{ ref('int_month_end_rates') }} as rates
        on
            valid_positions.currency_code = rates.currency_code
            and valid_positions.month_number = rates.month_number
)

select
    customer_sk,
    as_of_date,
    month_number,
    case when count(*) = count(rate_to_base) then sum(market_value_units) end as market_value_units,
    count(*) > count(rate_to_base) as is_rate_missing,
    -- the level that the held products imply is the mean of their levels, weighted by value
    case
        when count(risk_level) = count(risk_level * rate_to_base)
            then sum(greatest(market_value_units, 0) * risk_level)
    end as risk_weighted_units,
    case
        when count(risk_level) = count(risk_level * rate_to_base)
            then sum(case when risk_level is not null then greatest(market_value_units, 0) end)
    end as risk_bearing_units,
    max(case when product_line = 'wealth' and market_value_amount > 0 then 1 else 0 end) = 1 as has_wealth,
    max(case when product_line = 'insurance' and market_value_amount > 0 then 1 else 0 end) = 1 as has_insurance,
    max(case when product_line = 'card' then 1 else 0 end) = 1 as has_card
from valued
group by customer_sk, as_of_date, month_number
