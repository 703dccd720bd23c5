{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

-- Where the ledger's money is on each month-end: with customers, with nobody, or in a currency without a rate yet.
with accounts as (
    select
        accounts.account_sk,
        accounts.as_of_date,
        accounts.month_end_balance,
        rates.rate_to_base
    from {{ ref('account_months') }} as accounts
    inner join {{ ref('ledger_months') }} as months on accounts.as_of_date = months.as_of_date
    left join {{ ref('int_month_end_rates') }} as rates
        on accounts.currency_code = rates.currency_code and months.month_number = rates.month_number
    where {{ is_rebuilt('accounts.as_of_date') }}
),

customer_months as (
    select * from {{ ref('customer_months') }}
    where {{ is_rebuilt('as_of_date') }}
),

ledger as (
    select
        as_of_date,
        count(*) as account_count,
        cast(sum(case when rate_to_base is null then 1 else 0 end) as bigint) as unconverted_account_count,
        sum({{ money_units('month_end_balance', '1', 'rate_to_base') }}) as ledger_units
    from accounts
    group by as_of_date
),

allocated as (
    select
        accounts.as_of_date,
        sum({{ share_units('accounts.month_end_balance') }}) as allocated_units
    from accounts
    inner join {{ ref('stg_core__account_holders') }} as holders on accounts.account_sk = holders.account_sk
    group by accounts.as_of_date
),

-- customers with one account without a rate publish no balance; their other accounts are counted apart
unpublished as (
    select
        accounts.as_of_date,
        sum({{ share_units('accounts.month_end_balance') }}) as unpublished_units
    from accounts
    inner join {{ ref('stg_core__account_holders') }} as holders on accounts.account_sk = holders.account_sk
    inner join customer_months as customers
        on holders.customer_sk = customers.customer_sk and accounts.as_of_date = customers.as_of_date
    where customers.month_end_balance is null
    group by accounts.as_of_date
),

published as (
    select
        as_of_date,
        count(*) as customer_count,
        sum(month_end_balance) as published_balance
    from customer_months
    group by as_of_date
),

final as (
    select
        ledger.as_of_date,
        ledger.account_count,
        ledger.unconverted_account_count,
        coalesce(published.customer_count, 0) as customer_count,
        {{ round_units('coalesce(ledger.ledger_units, 0)') }} as ledger_balance,
        {{ round_units('coalesce(ledger.ledger_units, 0) - coalesce(allocated.allocated_units, 0)') }}
            as unallocated_balance,
        {{ round_units('coalesce(unpublished.unpublished_units, 0)') }} as unpublished_balance,
        cast(coalesce(published.published_balance, 0) as decimal(18, 2)) as published_balance
    from ledger
    left join allocated on ledger.as_of_date = allocated.as_of_date
    left join unpublished on ledger.as_of_date = unpublished.as_of_date
    left join published on ledger.as_of_date = published.as_of_date
)

select
    *,
    cast(ledger_balance - unallocated_balance - unpublished_balance - published_balance as decimal(18, 2))
        as rounding_difference
from final
