-- The part of a customer's month-end balance that isn't in base currency: the whole less what is, so that no rate has
-- to be known here. Only customers who have an account in another currency; a view, read once.
with foreign_holders as (
    select distinct holders.customer_sk
    from {{ ref('stg_core__account_holders') }} as holders
    inner join {{ ref('stg_core__accounts') }} as accounts on holders.account_sk = accounts.account_sk
    where accounts.currency_code <> '{{ var("base_currency") }}'
),

base_balances as (
    select
        holders.customer_sk,
        accounts.as_of_date,
        sum(
            case
                when accounts.currency_code = '{{ var("base_currency") }}'
                    then {{ money_units('accounts.month_end_balance', 'holders.ownership_share', '1') }}
                else 0
            end
        ) as base_units
    from foreign_holders
    inner join {{ ref('stg_core__account_holders') }} as holders on foreign_holders.customer_sk = holders.customer_sk
    inner join {{ ref('account_months') }} as accounts on holders.account_sk = accounts.account_sk
    where {{ is_rebuilt('accounts.as_of_date') }}
    group by holders.customer_sk, accounts.as_of_date
)

select
    customers.customer_sk,
    customers.as_of_date,
    customers.month_end_balance - {{ round_units('base_balances.base_units') }} as foreign_balance
from {{ ref('int_evaluation_customers') }} as customers
inner join base_balances
    on customers.customer_sk = base_balances.customer_sk and customers.as_of_date = base_balances.as_of_date
