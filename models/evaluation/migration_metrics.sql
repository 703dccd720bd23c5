{{ config(
    materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail',
    meta={'is_made_by_month': true, 'months_read_before': 2}
) }}
{%- set dimensions = segment_dimensions() %}
{%- set columns = dimensions.values() | list %}
{%- for held in held_dimensions().values() %}{% do columns.extend([held.earned, held.held]) %}{% endfor %}
{%- set columns = columns | unique | list %}
{%- set quantile = rule_parameter('interval_quantile') %}

-- Who stays, who comes straight back, and what the holds cost and spare.
with customers as (
    select * from {{ ref('int_evaluation_customers') }}
    where {{ is_month_rebuilt('month_number', 2) }} and {{ is_read('as_of_date') }}
),

-- a month's customers, and what became of them in the next two
moved as (
    select
        base.month_number as base_month_number,
        {%- for column in columns %}
        base.{{ column }},
        next_month.{{ column }} as next_{{ column }},
        second_month.{{ column }} as second_{{ column }},
        {%- endfor %}
        next_month.customer_sk is not null as is_present_next
    from customers as base
    left join customers as next_month
        on base.customer_sk = next_month.customer_sk and base.month_number + 1 = next_month.month_number
    left join customers as second_month
        on base.customer_sk = second_month.customer_sk and base.month_number + 2 = second_month.month_number
),

counted as (
    {%- for dimension, column in dimensions.items() %}
    {{ 'union all' if not loop.first }}
    select
        base_month_number,
        '{{ dimension }}' as dimension,
        {{ column }} as segment_code,
        count(*) as customer_count,
        sum(case when next_{{ column }} = {{ column }} then 1 else 0 end) as stayed_count,
        sum(case when next_{{ column }} <> {{ column }} then 1 else 0 end) as moved_count,
        sum(case when next_{{ column }} <> {{ column }} and second_{{ column }} = {{ column }} then 1 else 0 end)
            as returned_count
    from moved
    group by base_month_number, {{ column }}
    {%- endfor %}
),

described as (
    select * from counted
    union all
    select
        base_month_number, dimension, 'all' as segment_code, sum(customer_count) as customer_count,
        sum(stayed_count) as stayed_count, sum(moved_count) as moved_count, sum(returned_count) as returned_count
    from counted
    group by base_month_number, dimension
),

stayed as (
    select described.*, months.as_of_date
    from described
    inner join {{ ref('ledger_months') }} as months on described.base_month_number + 1 = months.month_number
    where {{ is_month_rebuilt('months.month_number') }}
),

returned as (
    select described.*, months.as_of_date
    from described
    inner join {{ ref('ledger_months') }} as months on described.base_month_number + 2 = months.month_number
    where {{ is_month_rebuilt('months.month_number') }}
),

flipped as (
    {%- for dimension, held in held_dimensions().items() %}
    {{ 'union all' if not loop.first }}
    select
        base_month_number + 1 as month_number,
        '{{ dimension }}' as dimension,
        count(*) as customer_count,
        sum(case when next_{{ held.earned }} <> {{ held.earned }} then 1 else 0 end) as earned_count,
        sum(case when next_{{ held.held }} <> {{ held.held }} then 1 else 0 end) as held_count
    from moved
    where is_present_next
    group by base_month_number
    {%- endfor %}
),

held as (
    {%- for dimension, held in held_dimensions().items() %}
    {{ 'union all' if not loop.first }}
    select
        customers.as_of_date,
        customers.month_number,
        '{{ dimension }}' as dimension,
        customers.{{ held.held }} as segment_code,
        count(*) as customer_count,
        sum(customers.adb_1m) as adb_1m,
        sum(case when held_codes.rank {{ held.better }} earned_codes.rank then 1 else 0 end) as above_count,
        sum(case when held_codes.rank {{ held.better }} earned_codes.rank then customers.adb_1m else 0 end)
            as above_adb_1m
    from customers
    inner join {{ ref('classification_codes') }} as held_codes
        on customers.{{ held.held }} = held_codes.code and held_codes.dimension = '{{ dimension }}'
    inner join {{ ref('classification_codes') }} as earned_codes
        on customers.{{ held.earned }} = earned_codes.code and earned_codes.dimension = '{{ dimension }}'
    where {{ is_month_rebuilt('customers.month_number') }}
    group by customers.as_of_date, customers.month_number, customers.{{ held.held }}
    {%- endfor %}
),

held_described as (
    select * from held
    union all
    select
        as_of_date, month_number, dimension, 'all' as segment_code, sum(customer_count) as customer_count,
        sum(adb_1m) as adb_1m, sum(above_count) as above_count, sum(above_adb_1m) as above_adb_1m
    from held
    group by as_of_date, month_number, dimension
),

priced as (
    select
        flipped.*,
        flipped.earned_count - flipped.held_count as avoided_count,
        held_described.as_of_date,
        held_described.above_count
    from flipped
    inner join held_described
        on
            flipped.month_number = held_described.month_number
            and flipped.dimension = held_described.dimension
            and held_described.segment_code = 'all'
)

{% set by_segment = {'dimension': 'dimension', 'segment_code': 'segment_code'} -%}
{% set by_month = {'dimension': 'dimension', 'horizon_months': '1'} -%}
{{ measured_rows('stay_rate', 'stayed', 'stayed_count', 'customer_count', horizon_months='1', **by_segment) }}
union all
{{ measured_rows(
    'flip_back_rate', 'returned', 'returned_count', 'moved_count', horizon_months='2',
    lower_bound=wilson_bound('returned_count', 'moved_count', quantile, '-'),
    upper_bound=wilson_bound('returned_count', 'moved_count', quantile, '+'), **by_segment
) }}
union all
{{ measured_rows('earned_flip_rate', 'priced', 'earned_count', 'customer_count', **by_month) }}
union all
{{ measured_rows('served_flip_rate', 'priced', 'held_count', 'customer_count', **by_month) }}
union all
{{ measured_rows('flips_avoided_rate', 'priced', 'avoided_count', 'customer_count', **by_month) }}
union all
{{ measured_rows(
    'held_months_per_flip_avoided', 'priced', 'above_count', 'avoided_count', sample_size='customer_count', **by_month
) }}
union all
{{ measured_rows('held_above_share', 'held_described', 'above_count', 'customer_count', **by_segment) }}
union all
{{ measured_rows(
    'held_above_balance_share', 'held_described', 'above_adb_1m', 'adb_1m', sample_size='customer_count', **by_segment
) }}
