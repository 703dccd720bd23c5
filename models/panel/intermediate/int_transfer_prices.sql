-- The funds transfer price of each month and published tenor, as known on the month-end, and the tenors it prices:
-- those from its own up to the next published one.
with prices as (
    select
        tenor_months,
        rate_date,
        annual_rate,
        lead(rate_date) over (partition by tenor_months order by rate_date) as next_rate_date
    from {{ ref('stg_market__interest_rates') }}
    where curve_code = 'ftp'
)

select
    months.month_number,
    prices.annual_rate as transfer_price_rate,
    prices.tenor_months as from_tenor_months,
    lead(prices.tenor_months) over (partition by months.month_number order by prices.tenor_months) as below_tenor_months
from {{ ref('ledger_months') }} as months
inner join prices
    on
        months.as_of_date >= prices.rate_date
        and months.as_of_date < {{ date_or_never('prices.next_rate_date') }}
