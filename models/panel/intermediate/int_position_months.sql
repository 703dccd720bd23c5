-- What a customer's wealth positions are worth on each month-end, in exact money units (see money_units).
with positions as (
    select
        *,
        lead(position_date) over (
            partition by member_sk, product_code, currency_code
            order by position_date
        ) as next_position_date
    from {{ ref('stg_wealth__positions') }}
),

valid_positions as (
    select
        positions.customer_sk,
        months.month_number,
        positions.currency_code,
        positions.market_value_amount
    from positions
    inner join {{ ref('ledger_months') }} as months
        on
            positions.position_date <= months.as_of_date
            and (positions.next_position_date > months.as_of_date or positions.next_position_date is null)
            and {{ days_between('positions.position_date', 'months.as_of_date') }}
            < {{ rule_parameter('position_validity_days') }}
)

select
    valid_positions.customer_sk,
    valid_positions.month_number,
    case
        when sum(case when rates.rate_to_base is null then 1 else 0 end) = 0
            then sum({{ money_units('valid_positions.market_value_amount', '1', 'rates.rate_to_base') }})
    end as market_value_units,
    sum(case when rates.rate_to_base is null then 1 else 0 end) > 0 as is_rate_missing
from valid_positions
left join {{ ref('int_month_end_rates') }} as rates
    on
        valid_positions.currency_code = rates.currency_code
        and valid_positions.month_number = rates.month_number
group by valid_positions.customer_sk, valid_positions.month_number
