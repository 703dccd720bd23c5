{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What each third party paid a customer in each month, over all accounts of the customer. The payer is the other
-- party, or the kind of transaction where none is named.
with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

credits as (
    select
        transactions.account_sk,
        transactions.as_of_date,
        coalesce(transactions.payer_sk, 0) as payer_sk,
        case when transactions.payer_sk is null then transactions.effective_transaction_code else '' end as payer_code,
        sum(transactions.amount * transactions.effective_sign) as amount,
        min(case when transactions.effective_sign = 1 then extract(day from transactions.booked_date) end)
            as first_credit_day,
        max(case when codes.is_regular_income then 1 else 0 end) as has_regular_income
    from {{ ref('stg_core__transactions') }} as transactions
    inner join {{ ref('transaction_codes') }} as codes
        on transactions.effective_transaction_code = codes.transaction_code
    where
        {{ is_rebuilt('transactions.as_of_date') }}
        and {{ is_account_rebuilt('transactions.account_sk', month_number('transactions.as_of_date')) }}
        and transactions.effective_initiator = 'third_party'
        and transactions.effective_direction = 'credit'
        and transactions.effective_sign <> 0
    group by
        transactions.account_sk,
        transactions.as_of_date,
        coalesce(transactions.payer_sk, 0),
        case when transactions.payer_sk is null then transactions.effective_transaction_code else '' end
),

paid as (
    select
        holders.customer_sk,
        holders.ownership_share,
        months.month_number,
        credits.*,
        rates.rate_to_base
    from credits
    inner join months on credits.as_of_date = months.as_of_date
    inner join {{ ref('stg_core__accounts') }} as accounts on credits.account_sk = accounts.account_sk
    inner join {{ ref('stg_core__account_holders') }} as holders on credits.account_sk = holders.account_sk
    left join {{ ref('int_month_end_rates') }} as rates
        on accounts.currency_code = rates.currency_code and months.month_number = rates.month_number
    where {{ is_customer_rebuilt('holders.customer_sk', 'months.month_number') }}
),

summed as (
    select
        customer_sk,
        payer_sk,
        payer_code,
        as_of_date,
        month_number,
        sum({{ share_units('amount') }}) as amount_units,
        count(*) = count(rate_to_base) as is_convertible,
        cast(min(first_credit_day) as integer) as first_credit_day,
        max(has_regular_income) = 1 as has_regular_income
    from paid
    group by customer_sk, payer_sk, payer_code, as_of_date, month_number
)

select
    customer_sk,
    payer_sk,
    payer_code,
    as_of_date,
    month_number,
    case when is_convertible then {{ round_units('amount_units') }} end as credit_amount,
    first_credit_day,
    has_regular_income
from summed
