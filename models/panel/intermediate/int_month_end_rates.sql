-- The exchange rate of every currency as known on each month-end; null before the currency's first rate.
with rates as (
    select
        currency_code,
        rate_date,
        rate_to_base,
        lead(rate_date) over (partition by currency_code order by rate_date) as next_rate_date
    from {{ ref('stg_market__fx_rates') }}
    where currency_code <> upper('{{ var("base_currency") }}')
),

months as (
    select * from {{ ref('ledger_months') }}
),

known as (
    select
        rates.currency_code,
        months.month_number,
        rates.rate_to_base
    from months
    inner join rates
        on
            months.as_of_date >= rates.rate_date
            and months.as_of_date < {{ date_or_never('rates.next_rate_date') }}
    union all
    select
        upper('{{ var("base_currency") }}') as currency_code,
        months.month_number,
        cast(1 as decimal(18, 8)) as rate_to_base
    from months
)

select
    known.currency_code,
    known.month_number,
    known.rate_to_base,
    previous.rate_to_base as previous_rate_to_base
from known
left join known as previous
    on
        known.currency_code = previous.currency_code
        and known.month_number = previous.month_number + 1
