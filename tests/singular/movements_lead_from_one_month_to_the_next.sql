-- Who moved to a code is who carries it, month by month and to the cent; who moved from one is who carried it the
-- month before; and every pair has a row.
with arrived as (
    select
        as_of_date,
        dimension,
        to_segment_code as segment_code,
        sum(customer_count) as customer_count,
        sum(adb_1m) as adb_1m
    from {{ ref('segment_movements_monthly') }}
    where to_segment_code <> 'absent'
    group by as_of_date, dimension, to_segment_code
),

departed as (
    select
        previous_months.as_of_date,
        movements.dimension,
        movements.from_segment_code as segment_code,
        sum(movements.customer_count) as customer_count,
        sum(movements.previous_adb_1m) as adb_1m
    from {{ ref('segment_movements_monthly') }} as movements
    inner join {{ ref('published_months') }} as months on movements.as_of_date = months.as_of_date
    inner join {{ ref('published_months') }} as previous_months
        on months.month_number = previous_months.month_number + 1
    where movements.from_segment_code <> 'absent'
    group by previous_months.as_of_date, movements.dimension, movements.from_segment_code
),

pairs as (
    select
        as_of_date,
        dimension,
        count(*) as pair_count
    from {{ ref('segment_movements_monthly') }}
    group by as_of_date, dimension
),

codes as (
    select
        as_of_date,
        dimension,
        count(*) as code_count
    from {{ ref('segment_sizes_monthly') }}
    group by as_of_date, dimension
)

select sizes.as_of_date, sizes.dimension, sizes.segment_code, 'arrivals' as finding
from {{ ref('segment_sizes_monthly') }} as sizes
left join arrived
    on
        sizes.as_of_date = arrived.as_of_date
        and sizes.dimension = arrived.dimension
        and sizes.segment_code = arrived.segment_code
where sizes.customer_count <> coalesce(arrived.customer_count, -1) or sizes.adb_1m <> arrived.adb_1m
union all
select sizes.as_of_date, sizes.dimension, sizes.segment_code, 'departures' as finding
from departed
inner join {{ ref('segment_sizes_monthly') }} as sizes
    on
        departed.as_of_date = sizes.as_of_date
        and departed.dimension = sizes.dimension
        and departed.segment_code = sizes.segment_code
where sizes.customer_count <> departed.customer_count or sizes.adb_1m <> departed.adb_1m
union all
select
    codes.as_of_date,
    codes.dimension,
    cast(pairs.pair_count as {{ dbt.type_string() }}) as segment_code,
    'pairs' as finding
from codes
left join pairs on codes.as_of_date = pairs.as_of_date and codes.dimension = pairs.dimension
where coalesce(pairs.pair_count, 0) <> (codes.code_count + 1) * (codes.code_count + 1) - 1
