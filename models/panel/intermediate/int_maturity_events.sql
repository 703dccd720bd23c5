-- Every maturity that a term account saw while it was open, for each of its holders: what was there the day before,
-- and which months judge what became of it.
with months as (
    select * from {{ ref('ledger_months') }}
),

accounts as (
    select
        accounts.account_sk,
        accounts.currency_code,
        accounts.opened_date,
        coalesce(accounts.is_auto_renewed and accounts.term_months > 0, false) as is_renewed,
        maturities.maturity_date,
        {{ days_after('maturities.maturity_date', rule_parameter('rollover_days')) }} as rollover_date,
        {{ days_after('maturities.maturity_date', rule_parameter('retention_days')) }} as retention_date
    from {{ ref('int_term_maturities') }} as maturities
    inner join {{ ref('stg_core__accounts') }} as accounts on maturities.account_sk = accounts.account_sk
    where accounts.closed_date is null or accounts.closed_date >= maturities.maturity_date
),

ledger_start as (
    select min(first_date) as first_date from months
)

select
    holders.customer_sk,
    holders.ownership_share,
    accounts.account_sk,
    accounts.currency_code,
    accounts.is_renewed,
    accounts.maturity_date,
    accounts.rollover_date,
    accounts.retention_date,
    {{ month_number('accounts.rollover_date') }} as rollover_month_number,
    {{ month_number('accounts.retention_date') }} as retention_month_number,
    -- with what the maturity month booked from that day on; taken off where the bookings are read
    account_months.month_end_balance as maturity_month_end_balance,
    {{ month_end('accounts.maturity_date') }} as maturity_month_end_date
from accounts
cross join ledger_start
inner join {{ ref('account_months') }} as account_months
    on
        accounts.account_sk = account_months.account_sk
        and {{ month_end('accounts.maturity_date') }} = account_months.as_of_date
inner join {{ ref('stg_core__account_holders') }} as holders on accounts.account_sk = holders.account_sk
-- before its first day, or the ledger's, an account held nothing
where accounts.maturity_date > greatest(accounts.opened_date, ledger_start.first_date)
