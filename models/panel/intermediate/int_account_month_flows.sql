-- The one pass over the transactions: what each account booked in each month, in account currency.
with transactions as (
    select * from {{ ref('stg_core__transactions') }}
),

months as (
    select * from {{ ref('ledger_months') }}
    where month_number >= {{ first_rebuilt_month() }}
),

classified as (
    select
        transactions.account_sk,
        transactions.as_of_date,
        transactions.amount,
        transactions.signed_amount,
        transactions.balance_after,
        transactions.effective_sign,
        months.days_in_month - cast(extract(day from transactions.booked_date) as integer) + 1 as days_held,
        codes.flow_kind = 'external'
        and transactions.effective_initiator <> 'system'
        and transactions.effective_direction = 'credit' as is_deposit,
        codes.flow_kind = 'investment' as is_investment
    from transactions
    inner join months on transactions.as_of_date = months.as_of_date
    inner join {{ ref('transaction_codes') }} as codes
        on transactions.effective_transaction_code = codes.transaction_code
)

select
    account_sk,
    as_of_date,
    count(*) as transaction_count,
    sum(signed_amount) as net_flow_amount,
    sum(signed_amount * days_held) as flow_balance_days,
    min(balance_after) as least_balance_after,
    sum(case when is_deposit then amount * effective_sign else 0 end) as deposit_amount,
    max(case when is_deposit and effective_sign = 1 then amount else 0 end) as largest_deposit_amount,
    sum(case when is_investment and effective_sign <> 0 then signed_amount else 0 end) as investment_flow_amount
from classified
group by account_sk, as_of_date
