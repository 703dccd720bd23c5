-- What a customer's deposits earned the bank in a month: the margin on each account's balance over its transfer price,
-- fees, and the cost of its transactions. In exact margin units (see margin_units), fees and costs in money units.
with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

accounts as (
    select
        account_sk,
        interest_rate,
        case
            when product_kind <> 'term' then {{ rule_parameter('demand_tenor_months') }}
            when term_months > 0 then term_months
            when maturity_date is null then {{ rule_parameter('demand_tenor_months') }}
            else {{ whole_months_between('opened_date', 'maturity_date') }}
        end as tenor_months
    from {{ ref('stg_core__accounts') }}
),

held as (
    select
        holders.customer_sk,
        account_months.as_of_date,
        account_months.fee_amount,
        account_months.servicing_cost_amount,
        holders.ownership_share,
        rates.rate_to_base,
        {{ money_units('account_months.balance_days', 'holders.ownership_share', 'rates.rate_to_base') }}
            as balance_days_units,
        prices.transfer_price_rate - accounts.interest_rate as margin_rate
    from {{ ref('account_months') }} as account_months
    inner join months on account_months.as_of_date = months.as_of_date
    inner join accounts on account_months.account_sk = accounts.account_sk
    inner join {{ ref('stg_core__account_holders') }} as holders on account_months.account_sk = holders.account_sk
    left join {{ ref('int_month_end_rates') }} as rates
        on account_months.currency_code = rates.currency_code and months.month_number = rates.month_number
    left join {{ ref('int_transfer_prices') }} as prices
        on
            months.month_number = prices.month_number
            and accounts.tenor_months >= prices.from_tenor_months
            and accounts.tenor_months < {{ month_or_never('prices.below_tenor_months') }}
    where {{ is_customer_rebuilt('holders.customer_sk', 'months.month_number') }}
)

select
    customer_sk,
    as_of_date,
    sum({{ margin_units('balance_days_units', 'margin_rate') }}) as margin_days_units,
    count(*) = count({{ margin_units('balance_days_units', 'margin_rate') }}) as is_known,
    sum(balance_days_units) as balance_days_units,
    sum({{ share_units('fee_amount') }}) as fee_units,
    sum({{ money_units('servicing_cost_amount', 'ownership_share', '1') }}) as servicing_cost_units
from held
group by customer_sk, as_of_date
