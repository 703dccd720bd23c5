-- The newest month: its customers are the owners and joint holders of accounts open on at least one of its days.
with newest as (
    select
        max(as_of_date) as as_of_date,
        max(first_date) as first_date
    from {{ ref('ledger_months') }}
),

expected as (
    select distinct holders.customer_sk
    from {{ ref('stg_core__account_holders') }} as holders
    inner join {{ ref('stg_core__accounts') }} as accounts on holders.account_sk = accounts.account_sk
    inner join newest
        on
            accounts.opened_date <= newest.as_of_date
            and (accounts.closed_date >= newest.first_date or accounts.closed_date is null)
),

found as (
    select customers.customer_sk
    from {{ ref('customer_months') }} as customers
    inner join newest on customers.as_of_date = newest.as_of_date
)

select
    expected.customer_sk as expected_customer_sk,
    found.customer_sk as found_customer_sk
from expected
full outer join found on expected.customer_sk = found.customer_sk
where expected.customer_sk is null or found.customer_sk is null
