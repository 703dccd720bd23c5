-- The newest balance of every account, counted from nothing: whatever way the months were built, it must be the same.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('ledger_months') }}
),

booked as (
    select
        transactions.account_sk,
        sum(transactions.signed_amount) as amount
    from {{ ref('stg_core__transactions') }} as transactions
    inner join newest on transactions.booked_date <= newest.as_of_date
    group by transactions.account_sk
)

select
    months.account_sk,
    months.month_end_balance,
    accounts.opening_balance_amount + coalesce(booked.amount, 0) as expected_balance
from {{ ref('account_months') }} as months
inner join newest on months.as_of_date = newest.as_of_date
inner join {{ ref('stg_core__accounts') }} as accounts on months.account_sk = accounts.account_sk
left join booked on months.account_sk = booked.account_sk
where months.month_end_balance <> accounts.opening_balance_amount + coalesce(booked.amount, 0)
