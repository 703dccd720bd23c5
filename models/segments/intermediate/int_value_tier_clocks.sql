{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- One row per customer, month and tier boundary: when was this tier or a better one last earned, and when did a
-- month last count as if it were? Losses in value since it was earned are added back (valuation protection).
-- A veto makes every month before it count for nothing.
with boundaries as (
    select * from {{ ref('int_value_tier_boundaries') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
),

vetoed_months as (
    select * from {{ ref('vetoed_months') }}
),

earned as (
    select
        boundaries.*,
        max(case when boundaries.is_reached then boundaries.tier_rank else 1 end) over (
            partition by boundaries.customer_sk, boundaries.month_number
        ) as earned_rank
    from boundaries
),

started as (
    select
        customer_sk, as_of_date, month_number, tier_rank, stay_at, hold_months, aum_1m, earned_rank,
        case when earned_rank >= tier_rank then month_number end as earned_month_number,
        cast(null as integer) as counted_month_number,
        case when earned_rank >= tier_rank then 0 else valuation_change_1m end as valuation_change
    from earned

    {% if is_incremental() -%}
    union all

    -- the newest row before the months to build carries the clocks of those who have any
    select
        clocks.customer_sk, clocks.as_of_date, clocks.month_number, clocks.tier_rank, clocks.stay_at,
        clocks.hold_months, clocks.aum_1m, clocks.earned_rank,
        clocks.last_earned_month_number as earned_month_number,
        clocks.last_counted_month_number as counted_month_number,
        clocks.valuation_since_earned as valuation_change
    from (
        {{ carried_rows(this, 'boundaries') }}
    ) as clocks
    {%- endif %}
),

dated as (
    select
        *,
        max(earned_month_number) over (partition by customer_sk, tier_rank order by month_number)
            as last_earned_month_number
    from started
),

valued as (
    select
        dated.*,
        coalesce(vetoed_months.month_number, 0) as last_veto_month_number,
        -- null from the first unknown month on
        case
            when count(*) over since_earned = count(dated.valuation_change) over since_earned
                then sum(dated.valuation_change) over since_earned
        end as valuation_since_earned
    from dated
    left join vetoed_months
        on
            dated.customer_sk = vetoed_months.customer_sk
            and dated.month_number >= vetoed_months.month_number
            and dated.month_number < {{ month_or_never('vetoed_months.next_month_number') }}
    window since_earned as (
        partition by dated.customer_sk, dated.tier_rank, dated.last_earned_month_number order by dated.month_number
    )
),

protected as (
    select
        *,
        max(
            case
                when earned_rank >= tier_rank then tier_rank
                when last_earned_month_number >= last_veto_month_number
                    and month_number - last_earned_month_number <= {{ rule_parameter('valuation_protection_months') }}
                    and valuation_since_earned < 0
                    and aum_1m - valuation_since_earned >= stay_at
                    then tier_rank
                else 1
            end
        ) over (partition by customer_sk, month_number) as counted_rank
    from valued
),

counted as (
    select
        *,
        max(coalesce(counted_month_number, case when counted_rank >= tier_rank then month_number end)) over (
            partition by customer_sk, tier_rank order by month_number
        ) as last_counted_month_number
    from protected
)

select
    customer_sk,
    as_of_date,
    month_number,
    tier_rank,
    stay_at,
    hold_months,
    aum_1m,
    earned_rank,
    last_earned_month_number,
    cast(valuation_since_earned as decimal(18, 2)) as valuation_since_earned,
    nullif(last_veto_month_number, 0) as last_veto_month_number,
    last_counted_month_number
from counted
where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
