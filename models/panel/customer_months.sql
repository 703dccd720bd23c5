{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- published column: the account's amount that it sums
{% set amounts = {
    'net_flow_1m': 'net_flow_amount',
    'inflow_amount_1m': 'inflow_amount',
    'outflow_amount_1m': 'outflow_amount',
    'outflow_other_bank_1m': 'other_bank_outflow_amount',
    'deposit_amount_1m': 'deposit_amount',
    'month_end_balance': 'month_end_balance',
} %}
{% set counts = [
    'customer_count', 'counter_count', 'self_service_count', 'online_count', 'mobile_count', 'deposit_count',
    'deposit_counter_count', 'deposit_self_service_count', 'deposit_online_count', 'deposit_mobile_count',
    'standing_payment_count', 'loan_instalment_count', 'card_payment_count', 'penalty_interest_count',
] %}

-- The customer's month: the sum of its shares of its accounts, in base currency. Money is exact until it is
-- rounded, once per column; one account without an exchange rate makes the month's money null.
with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

held as (
    select
        holders.customer_sk,
        holders.ownership_share,
        months.month_number,
        months.days_in_month,
        months.ledger_month_count,
        accounts.*,
        rates.rate_to_base,
        rates.previous_rate_to_base
    from {{ ref('account_months') }} as accounts
    inner join months on accounts.as_of_date = months.as_of_date
    inner join {{ ref('stg_core__account_holders') }} as holders on accounts.account_sk = holders.account_sk
    left join {{ ref('int_month_end_rates') }} as rates
        on accounts.currency_code = rates.currency_code and months.month_number = rates.month_number
    where {{ is_customer_rebuilt('holders.customer_sk', 'months.month_number') }}
),

summed as (
    select
        customer_sk,
        as_of_date,
        month_number,
        days_in_month,
        ledger_month_count,
        sum(case when is_open_at_month_end then 1 else 0 end) as open_account_count,
        max(case when rate_to_base is null then 1 else 0 end) as is_rate_missing,
        max(case when previous_rate_to_base is null then 1 else 0 end) as is_previous_rate_missing,
        max(case when month_min_balance is null then 1 else 0 end) as is_minimum_missing,
        {%- for name, amount in amounts.items() %}
        sum({{ share_units(amount) }}) as {{ name }}_units,
        {%- endfor %}
        sum({{ share_units('month_min_balance') }}) as month_min_balance_units,
        sum({{ share_units('balance_days') }}) as balance_days_units,
        sum({{ share_units('greatest(balance_days, 0)') }}) as positive_balance_days_units,
        sum(case when product_kind = 'term' then {{ share_units('balance_days') }} else 0 end)
            as term_balance_days_units,
        max({{ share_units('largest_deposit_amount') }}) as largest_deposit_units,
        max({{ share_units('largest_outflow_amount') }}) as largest_outflow_units,
        {%- for name in counts %}
        sum({{ name }}) as {{ name }},
        {%- endfor %}
        max(case when has_deposit then 1 else 0 end) as has_deposit,
        bit_or(active_day_set) as active_day_set,
        min(first_activity_date) as first_activity_date,
        max(last_activity_date) as last_activity_date,
        sum({{ share_units('investment_flow_amount') }}) as investment_flow_units,
        sum({{ money_units('balance_days', 'ownership_share', '(rate_to_base - previous_rate_to_base)') }})
            as revaluation_days_units
    from held
    group by customer_sk, as_of_date, month_number, days_in_month, ledger_month_count
),

valued as (
    select
        summed.*,
        case when not coalesce(positions.is_rate_missing, false) then coalesce(positions.market_value_units, 0) end
            as market_value_units,
        case when not coalesce(previous.is_rate_missing, false) then coalesce(previous.market_value_units, 0) end
            as previous_market_value_units
    from summed
    left join {{ ref('position_months') }} as positions
        on summed.customer_sk = positions.customer_sk and summed.month_number = positions.month_number
    left join {{ ref('position_months') }} as previous
        on summed.customer_sk = previous.customer_sk and summed.month_number = previous.month_number + 1
),

rounded as (
    select
        customer_sk,
        as_of_date,
        cast(open_account_count as integer) as open_account_count,
        case when is_rate_missing = 0 and is_minimum_missing = 0 then {{ round_units('month_min_balance_units') }} end
            as month_min_balance,
        {%- for name in amounts %}
        case when is_rate_missing = 0 then {{ round_units(name ~ '_units') }} end as {{ name }},
        {%- endfor %}
        case when is_rate_missing = 0 then {{ round_units('balance_days_units', 'days_in_month') }} end as adb_1m,
        case when is_rate_missing = 0 then {{ round_units('positive_balance_days_units', 'days_in_month') }} end
            as positive_adb_1m,
        case when is_rate_missing = 0 then {{ round_units('term_balance_days_units', 'days_in_month') }} end
            as term_adb_1m,
        case when is_rate_missing = 0 then {{ round_units('largest_deposit_units') }} end as largest_deposit_1m,
        case when is_rate_missing = 0 then {{ round_units('largest_outflow_units') }} end as largest_outflow_1m,
        {%- for name in counts %}
        cast({{ name }} as integer) as {{ name }}_1m,
        {%- endfor %}
        has_deposit = 1 as has_deposit,
        cast(active_day_set as integer) as active_day_set,
        first_activity_date,
        last_activity_date,
        case when {{ is_landed('wealth', 'positions') }} then {{ round_units('market_value_units') }} end
            as market_value,
        case
            when ledger_month_count = 1 then cast(0 as decimal(18, 2))
            when is_rate_missing = 0 and is_previous_rate_missing = 0 and {{ is_landed('wealth', 'positions') }}
                then {{ round_units(
                    '(market_value_units - previous_market_value_units + investment_flow_units) * days_in_month'
                    ~ ' + revaluation_days_units',
                    'days_in_month'
                ) }}
        end as valuation_change_1m
    from valued
)

select
    *,
    cast(
        case when {{ is_landed('wealth', 'positions') }} then adb_1m + market_value else adb_1m end as decimal(18, 2)
    ) as aum_1m,
    not {{ is_landed('wealth', 'positions') }} as is_aum_deposits_only
from rounded
