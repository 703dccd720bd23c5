-- How a region's economy moved within a year, as published on each month-end. A year without figures moves nothing.
with published as (
    select
        *,
        lead(period_end_date) over (partition by region_code order by period_end_date) as next_period_end_date
    from {{ ref('stg_market__regions') }}
),

months as (
    select
        as_of_date,
        {{ month_end(months_after('as_of_date', '-12')) }} as year_before_date
    from {{ ref('ledger_months') }}
)

select
    months.as_of_date,
    present.region_code,
    {{ published_ratio('present.unemployment_rate - past.unemployment_rate') }} as unemployment_rise,
    {{ published_ratio(
        'cast(present.average_wage_amount as ' ~ type_double() ~ ') / nullif(past.average_wage_amount, 0) - 1'
    ) }} as wage_growth
from months
inner join published as present
    on
        months.as_of_date >= present.period_end_date
        and months.as_of_date < {{ date_or_never('present.next_period_end_date') }}
inner join published as past
    on
        present.region_code = past.region_code
        and months.year_before_date >= past.period_end_date
        and months.year_before_date < past.next_period_end_date
        and present.period_end_date > past.period_end_date
