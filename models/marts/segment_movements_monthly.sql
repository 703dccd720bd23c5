{{ config(
    materialized='incremental', incremental_strategy='publish_months', on_schema_change='fail',
    meta={'is_made_by_month': true, 'months_read_before': 1}
) }}

-- From which code to which code customers moved since the month before. Every pair of a dimension's codes has a row in
-- every month, also where nobody moved; who came or left moved from or to `absent`.
with dimensions as (
    select distinct dimension
    from {{ ref('classification_codes') }}
    where dimension in ({{ quoted(segment_dimensions()) }})
),

published as (
    select min(month_number) as first_month_number from {{ ref('months_to_publish') }}
),

coded as (
    select
        tiers.customer_sk,
        months.as_of_date,
        months.month_number,
        customer_months.adb_1m,
        customer_months.aum_1m,
        tiers.value_tier_code,
        tiers.tier_status_code,
        needs.need_segment_code,
        activities.activity_state_code,
        classes.customer_class_code,
        stabilities.deposit_stability_code
    from {{ ref('customer_value_tiers') }} as tiers
    inner join {{ ref('ledger_months') }} as months on tiers.as_of_date = months.as_of_date
    inner join {{ ref('customer_months') }} as customer_months
        on tiers.customer_sk = customer_months.customer_sk and tiers.as_of_date = customer_months.as_of_date
    inner join {{ ref('customer_needs') }} as needs
        on tiers.customer_sk = needs.customer_sk and tiers.as_of_date = needs.as_of_date
    inner join {{ ref('customer_activity_states') }} as activities
        on tiers.customer_sk = activities.customer_sk and tiers.as_of_date = activities.as_of_date
    inner join {{ ref('customer_classes') }} as classes
        on tiers.customer_sk = classes.customer_sk and tiers.as_of_date = classes.as_of_date
    inner join {{ ref('customer_deposit_stability') }} as stabilities
        on tiers.customer_sk = stabilities.customer_sk and tiers.as_of_date = stabilities.as_of_date
    cross join published
    -- the month before the first one to publish is where its movements come from
    where
        months.month_number >= published.first_month_number - 1
        {%- for name in ['tiers', 'customer_months', 'needs', 'activities', 'classes', 'stabilities'] %}
        and {{ is_rebuilt(name ~ '.as_of_date', 1) }} and {{ is_read(name ~ '.as_of_date') }}
        {%- endfor %}
),

moved as (
    select
        coalesce(present.month_number, past.month_number + 1) as month_number,
        {%- for column in segment_dimensions().values() %}
        coalesce(past.{{ column }}, 'absent') as from_{{ column }},
        coalesce(present.{{ column }}, 'absent') as to_{{ column }},
        {%- endfor %}
        past.adb_1m as previous_adb_1m,
        present.adb_1m,
        past.aum_1m as previous_aum_1m,
        present.aum_1m
    from coded as present
    full outer join coded as past
        on present.customer_sk = past.customer_sk and present.month_number = past.month_number + 1
),

by_dimension as (
    select
        moved.month_number,
        dimensions.dimension,
        case dimensions.dimension
            {%- for dimension, column in segment_dimensions().items() %}
            when '{{ dimension }}' then moved.from_{{ column }}
            {%- endfor %}
        end as from_segment_code,
        case dimensions.dimension
            {%- for dimension, column in segment_dimensions().items() %}
            when '{{ dimension }}' then moved.to_{{ column }}
            {%- endfor %}
        end as to_segment_code,
        moved.previous_adb_1m,
        moved.adb_1m,
        moved.previous_aum_1m,
        moved.aum_1m
    from moved
    cross join dimensions
),

counted as (
    select
        month_number,
        dimension,
        from_segment_code,
        to_segment_code,
        count(*) as customer_count,
        sum(previous_adb_1m) as previous_adb_1m,
        sum(adb_1m) as adb_1m,
        sum(previous_aum_1m) as previous_aum_1m,
        sum(aum_1m) as aum_1m
    from by_dimension
    group by month_number, dimension, from_segment_code, to_segment_code
),

codes as (
    select dimension, code, label, label_zh
    from {{ ref('classification_codes') }}
    union all
    select dimensions.dimension, 'absent' as code, labels.label, labels.label_zh
    from dimensions
    inner join {{ ref('display_labels') }} as labels on labels.list = 'total' and labels.code = 'no_customer'
),

pairs as (
    select
        origins.dimension,
        origins.code as from_segment_code,
        origins.label as from_segment_label,
        origins.label_zh as from_segment_label_zh,
        targets.code as to_segment_code,
        targets.label as to_segment_label,
        targets.label_zh as to_segment_label_zh
    from dimensions
    inner join codes as origins on dimensions.dimension = origins.dimension
    inner join codes as targets on dimensions.dimension = targets.dimension
    where origins.code <> 'absent' or targets.code <> 'absent'
)

select
    months.as_of_date,
    pairs.dimension,
    pairs.from_segment_code,
    pairs.from_segment_label,
    pairs.from_segment_label_zh,
    pairs.to_segment_code,
    pairs.to_segment_label,
    pairs.to_segment_label_zh,
    pairs.from_segment_code <> pairs.to_segment_code as is_moved,
    coalesce(counted.customer_count, 0) as customer_count,
    cast(coalesce(counted.previous_adb_1m, 0) as decimal(38, 2)) as previous_adb_1m,
    cast(coalesce(counted.adb_1m, 0) as decimal(38, 2)) as adb_1m,
    cast(coalesce(counted.previous_aum_1m, 0) as decimal(38, 2)) as previous_aum_1m,
    cast(coalesce(counted.aum_1m, 0) as decimal(38, 2)) as aum_1m
from {{ ref('months_to_publish') }} as months
cross join pairs
left join counted
    on
        months.month_number = counted.month_number
        and pairs.dimension = counted.dimension
        and pairs.from_segment_code = counted.from_segment_code
        and pairs.to_segment_code = counted.to_segment_code
