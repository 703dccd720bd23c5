-- Every maturity of a term account up to the first one after the newest month-end. An account that renews itself
-- matures every term_months after its opening; any other one once. Whether it was still open then is for the reader.
with ledger as (
    select max(month_number) as last_month_number from {{ ref('ledger_months') }}
),

term_accounts as (
    select *
    from {{ ref('stg_core__accounts') }}
    where product_kind = 'term'
),

renewed as (
    select
        accounts.account_sk,
        accounts.opened_date,
        accounts.term_months,
        -- the first renewal in a month after the newest one
        greatest(
            cast(
                floor((ledger.last_month_number - {{ month_number('accounts.opened_date') }}) / accounts.term_months)
                as integer
            ) + 1,
            1
        ) as renewal_count
    from term_accounts as accounts
    cross join ledger
    where accounts.is_auto_renewed and accounts.term_months > 0
),

matured as (
    select
        renewed.account_sk,
        {{ months_after('renewed.opened_date', 'cast(renewals.number * renewed.term_months as integer)') }}
            as maturity_date,
        true as is_renewed
    from renewed
    cross join {{ whole_numbers('1', 'renewed.renewal_count') }} as renewals (number)
    union all
    select
        account_sk,
        maturity_date,
        false as is_renewed
    from term_accounts
    where maturity_date is not null and not coalesce(is_auto_renewed and term_months > 0, false)
)

select
    account_sk,
    maturity_date,
    is_renewed,
    lag(maturity_date) over (partition by account_sk order by maturity_date) as previous_maturity_date
from matured
