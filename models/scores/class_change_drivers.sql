{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Why the composite score moved in a month with a change. An indicator that counts in both months moved it by its mean
-- effective weight × the change of its normalised value; what is left is coverage: indicators that came or went, and
-- weights that were rescaled. Decimals, so that the parts add up to the change exactly.
with changed as (
    select distinct
        customer_sk,
        as_of_date,
        previous_as_of_date,
        cast(composite_score as decimal(18, 9)) - cast(previous_composite_score as decimal(18, 9)) as composite_change
    from {{ ref('class_changes') }}
    where
        {{ is_customer_rebuilt('customer_sk', 'month_number') }}
        and composite_score is not null
        and previous_composite_score is not null
),

compared as (
    select
        changed.customer_sk,
        changed.as_of_date,
        changed.composite_change,
        new.indicator_code,
        new.indicator_rank,
        new.dimension,
        old.normalised_value as previous_normalised_value,
        new.normalised_value,
        cast({{ published_ratio(
            '(new.effective_weight + old.effective_weight) / 2 * (new.normalised_value - old.normalised_value)'
        ) }} as decimal(18, 9)) as points_change
    from changed
    inner join {{ ref('int_changed_components') }} as new
        on changed.customer_sk = new.customer_sk and changed.as_of_date = new.as_of_date
    inner join {{ ref('int_changed_components') }} as old
        on
            changed.customer_sk = old.customer_sk
            and changed.previous_as_of_date = old.as_of_date
            and new.indicator_code = old.indicator_code
),

summed as (
    select customer_sk, as_of_date, sum(points_change) as points_change
    from compared
    group by customer_sk, as_of_date
),

drivers as (
    select
        customer_sk, as_of_date, composite_change, indicator_code, indicator_rank, dimension,
        previous_normalised_value, normalised_value, points_change
    from compared
    where points_change <> 0
    union all
    select
        changed.customer_sk, changed.as_of_date, changed.composite_change, 'coverage' as indicator_code,
        cast(null as integer) as indicator_rank, null as dimension, null as previous_normalised_value,
        null as normalised_value,
        changed.composite_change - coalesce(summed.points_change, 0) as points_change
    from changed
    left join summed on changed.customer_sk = summed.customer_sk and changed.as_of_date = summed.as_of_date
)

select
    customer_sk,
    as_of_date,
    indicator_code,
    dimension,
    previous_normalised_value,
    normalised_value,
    cast(points_change as {{ type_double() }}) as points_change,
    -- what moved the score in the direction in which it went comes first; less than a millionth of a point is rounding
    cast(
        row_number() over (
            partition by customer_sk, as_of_date
            order by
                case when sign(round(points_change, 6)) = sign(round(composite_change, 6)) then 0 else 1 end asc,
                abs(round(points_change, 6)) desc,
                case when indicator_code = 'coverage' then 1 else 0 end asc,
                indicator_rank asc
        ) as integer
    ) as driver_rank
from drivers
