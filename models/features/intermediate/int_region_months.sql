-- Each region's figures as last published on a month-end, and its income level against the median of all regions.
with published as (
    select
        *,
        lead(period_end_date) over (partition by region_code order by period_end_date) as next_period_end_date
    from {{ ref('stg_market__regions') }}
),

known as (
    select
        months.as_of_date,
        published.*
    from {{ ref('ledger_months') }} as months
    inner join published
        on
            months.as_of_date >= published.period_end_date
            and months.as_of_date < {{ date_or_never('published.next_period_end_date') }}
),

-- the median as the mean of the middle one or two
ranked as (
    select
        as_of_date,
        average_wage_amount,
        row_number() over (partition by as_of_date order by average_wage_amount, region_code) as wage_rank,
        count(*) over (partition by as_of_date) as region_count
    from known
    where average_wage_amount is not null
),

medians as (
    select
        as_of_date,
        avg(cast(average_wage_amount as {{ type_double() }})) as median_wage_amount
    from ranked
    where 2 * wage_rank >= region_count and 2 * wage_rank <= region_count + 2
    group by as_of_date
),

compared as (
    select
        known.*,
        {{ published_ratio(
            'cast(known.average_wage_amount as ' ~ type_double() ~ ') / nullif(medians.median_wage_amount, 0)'
        ) }} as wage_ratio
    from known
    left join medians on known.as_of_date = medians.as_of_date
)

select
    compared.as_of_date,
    compared.region_code,
    compared.average_wage_amount,
    compared.unemployment_rate,
    compared.gdp_per_capita_amount,
    levels.region_income_level_code
from compared
left join {{ ref('region_income_levels') }} as levels
    on compared.wage_ratio >= levels.min_value and compared.wage_ratio < levels.below_value
