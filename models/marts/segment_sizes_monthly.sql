{{ config(
    materialized='incremental', incremental_strategy='publish_months', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

-- Every code of every dimension has a row in every month, also where nobody carries it.
with dimensions as (
    select distinct dimension
    from {{ ref('classification_codes') }}
    where dimension in ({{ quoted(segment_dimensions()) }})
),

segmented as (
    select
        segments.as_of_date,
        dimensions.dimension,
        case dimensions.dimension
            {%- for dimension, column in segment_dimensions().items() %}
            when '{{ dimension }}' then segments.{{ column }}
            {%- endfor %}
        end as segment_code,
        features.month_end_balance,
        features.adb_1m,
        features.aum_1m
    from {{ ref('customer_segments_monthly') }} as segments
    inner join {{ ref('customer_features_monthly') }} as features
        on segments.customer_key = features.customer_key and segments.as_of_date = features.as_of_date
    cross join dimensions
    where {{ is_rebuilt('segments.as_of_date') }} and {{ is_read('segments.as_of_date') }}
),

sized as (
    select
        as_of_date,
        dimension,
        segment_code,
        count(*) as customer_count,
        sum(month_end_balance) as month_end_balance,
        sum(adb_1m) as adb_1m,
        sum(aum_1m) as aum_1m
    from segmented
    group by as_of_date, dimension, segment_code
),

totals as (
    select
        as_of_date,
        count(*) as customer_count
    from {{ ref('customer_segments_monthly') }}
    where {{ is_rebuilt('as_of_date') }} and {{ is_read('as_of_date') }}
    group by as_of_date
)

select
    months.as_of_date,
    codes.dimension,
    codes.code as segment_code,
    codes.rank as segment_rank,
    codes.label as segment_label,
    codes.label_zh as segment_label_zh,
    coalesce(sized.customer_count, 0) as customer_count,
    {{ published_ratio(
        'cast(coalesce(sized.customer_count, 0) as ' ~ type_double() ~ ') / nullif(totals.customer_count, 0)'
    ) }} as customer_share,
    cast(coalesce(sized.month_end_balance, 0) as decimal(38, 2)) as month_end_balance,
    cast(coalesce(sized.adb_1m, 0) as decimal(38, 2)) as adb_1m,
    cast(coalesce(sized.aum_1m, 0) as decimal(38, 2)) as aum_1m
from {{ ref('months_to_publish') }} as months
cross join {{ ref('classification_codes') }} as codes
inner join dimensions on codes.dimension = dimensions.dimension
left join sized
    on
        months.as_of_date = sized.as_of_date
        and codes.dimension = sized.dimension
        and codes.code = sized.segment_code
left join totals on months.as_of_date = totals.as_of_date
