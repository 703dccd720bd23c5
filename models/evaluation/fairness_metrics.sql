{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set groups = {'gender': 'gender_code', 'age_band': 'age_band_code'} %}

-- Whether groups of people get the favourable results as often as the largest group. A screen, not a verdict. Groups
-- too small to speak of are left out here, and come out suppressed.
with settings as (
    select * from {{ ref('fairness_settings') }}
),

judged as (
    select
        customers.as_of_date,
        customers.gender_code,
        customers.age_band_code,
        settings.fairness_code,
        settings.is_favourable,
        settings.segment_code as asked_code,
        case settings.dimension
            {%- for dimension, column in segment_dimensions().items() %}
            when '{{ dimension }}' then customers.{{ column }}
            {%- endfor %}
        end as carried_code
    from {{ ref('int_evaluation_customers') }} as customers
    cross join settings
    where {{ is_month_rebuilt('customers.month_number') }}
),

favoured as (
    select
        *,
        case when is_favourable = (carried_code = asked_code) then 1 else 0 end as favourable
    from judged
),

grouped as (
    {{ counted_by_segment(
        'favoured', ['as_of_date', 'fairness_code'],
        'count(*) as customer_count, sum(favourable) as favourable_count', groups
    ) }}
),

-- the largest group, ties by its code
ranked as (
    select
        *,
        row_number() over (
            partition by as_of_date, fairness_code, dimension
            order by customer_count desc, {{ by_bytes('segment_code') }}
        ) as size_rank
    from grouped
    where segment_code is not null and customer_count >= {{ rule_parameter('minimum_group_size') }}
),

compared as (
    select
        ranked.*,
        largest.customer_count as largest_customer_count,
        largest.favourable_count as largest_favourable_count
    from ranked
    inner join ranked as largest
        on
            ranked.as_of_date = largest.as_of_date
            and ranked.fairness_code = largest.fairness_code
            and ranked.dimension = largest.dimension
            and largest.size_rank = 1
)

{% set cell = {'dimension': 'dimension', 'segment_code': 'segment_code', 'subject_code': 'fairness_code'} -%}
{{ measured_rows('favourable_share', 'compared', 'favourable_count', 'customer_count', **cell) }}
union all
{{ measured_rows(
    'adverse_impact_ratio', 'compared', 'favourable_count * largest_customer_count',
    'largest_favourable_count * customer_count', sample_size='customer_count', **cell
) }}
