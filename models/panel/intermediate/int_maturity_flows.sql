-- For each maturity of a customer: what its accounts booked from that day on until it is judged. Only the accounts of
-- customers with a maturity are read, and only in the months that it touches.
with events as (
    select *
    from {{ ref('int_maturity_events') }}
    where {{ is_customer_rebuilt('customer_sk', 'retention_month_number') }}
),

holdings as (
    select
        events.customer_sk,
        events.account_sk as matured_account_sk,
        events.maturity_date,
        events.rollover_date,
        events.retention_date,
        events.maturity_month_end_date,
        accounts.account_sk,
        accounts.product_kind,
        accounts.opened_date,
        accounts.opening_balance_amount,
        holders.ownership_share,
        rollover_rates.rate_to_base as rollover_rate,
        retention_rates.rate_to_base as retention_rate
    from events
    inner join {{ ref('stg_core__account_holders') }} as holders on events.customer_sk = holders.customer_sk
    inner join {{ ref('stg_core__accounts') }} as accounts on holders.account_sk = accounts.account_sk
    left join {{ ref('int_month_end_rates') }} as rollover_rates
        on
            accounts.currency_code = rollover_rates.currency_code
            and events.rollover_month_number = rollover_rates.month_number
    left join {{ ref('int_month_end_rates') }} as retention_rates
        on
            accounts.currency_code = retention_rates.currency_code
            and events.retention_month_number = retention_rates.month_number
),

bookings as (
    select
        holdings.*,
        transactions.booked_date,
        transactions.signed_amount,
        case
            when
                transactions.effective_direction = 'credit'
                and transactions.effective_initiator <> 'system'
                and holdings.product_kind = 'term'
                and transactions.booked_date <= holdings.rollover_date
                then transactions.amount * transactions.effective_sign
            else 0
        end as replaced_amount
    from holdings
    inner join {{ ref('ledger_months') }} as months
        on holdings.maturity_date <= months.as_of_date and holdings.retention_date >= months.first_date
    inner join {{ ref('stg_core__transactions') }} as transactions
        on
            holdings.account_sk = transactions.account_sk
            and months.as_of_date = transactions.as_of_date
            and transactions.booked_date between holdings.maturity_date and holdings.retention_date
    union all
    -- an opening balance enters like a booking of the opening day
    select
        holdings.*,
        opened_date as booked_date,
        opening_balance_amount as signed_amount,
        0 as replaced_amount
    from holdings
    where opened_date between maturity_date and retention_date
)

select
    customer_sk,
    matured_account_sk,
    maturity_date,
    sum(
        case
            when account_sk = matured_account_sk and booked_date <= maturity_month_end_date then signed_amount
            else 0
        end
    ) as own_flow_to_month_end_amount,
    sum(case when account_sk = matured_account_sk and booked_date <= rollover_date then signed_amount else 0 end)
        as own_flow_to_rollover_amount,
    sum({{ money_units('replaced_amount', 'ownership_share', 'coalesce(rollover_rate, 0)') }}) as replaced_units,
    max(case when replaced_amount <> 0 and rollover_rate is null then 1 else 0 end) = 1 as is_rollover_rate_missing,
    sum({{ money_units('signed_amount', 'ownership_share', 'coalesce(retention_rate, 0)') }}) as change_units,
    max(case when retention_rate is null then 1 else 0 end) = 1 as is_retention_rate_missing
from bookings
group by customer_sk, matured_account_sk, maturity_date
