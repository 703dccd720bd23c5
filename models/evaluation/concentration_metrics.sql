{{ config(
    materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

-- How much of the money a few customers hold, and how far the classes tell rich from poor. Sums are exact.
with customers as (
    select
        *,
        {{ scaled('greatest(adb_1m, 0)', 100) }} as cents
    from {{ ref('int_evaluation_customers') }}
    where {{ is_month_rebuilt('month_number') }} and {{ is_read('as_of_date') }}
),

-- a balance that isn't known isn't the smallest
ranked as (
    select
        as_of_date,
        cents,
        row_number() over (partition by as_of_date order by cents desc) as position,
        count(*) over (partition by as_of_date) as customer_count,
        sum(cents) over (partition by as_of_date) as all_cents
    from customers
    where cents is not null
),

captured as (
    select
        ranked.as_of_date,
        shares.capture_code,
        sum(
            case
                when ranked.position <= ceil(shares.customer_share * ranked.customer_count) then ranked.cents
                else 0
            end
        ) as captured_cents,
        max(ranked.all_cents) as all_cents,
        max(ranked.customer_count) as customer_count
    from ranked
    cross join {{ ref('capture_shares') }} as shares
    group by ranked.as_of_date, shares.capture_code
),

concentrated as (
    select
        as_of_date,
        sum(cents * cents) as square_sum,
        cast(sum(cents) as {{ type_double() }}) * cast(sum(cents) as {{ type_double() }}) as sum_square,
        count(*) as customer_count
    from customers
    where cents is not null
    group by as_of_date
),

valued as (
    {%- for value in ['aum_1m', 'contribution_12m'] %}
    {{ 'union all' if not loop.first }}
    select
        as_of_date,
        value_tier_code,
        customer_class_code,
        '{{ value }}' as subject_code,
        {{ scaled(value, 100) }} as amount
    from customers
    where {{ value }} is not null
    {%- endfor %}
),

grouped as (
    {% set aggregates -%}
    count(*) as customer_count,
        sum(amount) as amount,
        sum(amount * amount) as square_sum
    {%- endset %}
    {{ counted_by_segment(
        'valued', ['as_of_date', 'subject_code'], aggregates,
        {'value_tier': 'value_tier_code', 'class': 'customer_class_code'}
    ) }}
),

overall as (
    select
        *,
        {{ as_number('sum(amount) over whole') }} / sum(customer_count) over whole as overall_mean
    from grouped
    window whole as (partition by as_of_date, dimension, subject_code)
),

-- Distances from the overall mean: as a difference of two large sums of squares, no spread would be read as some.
-- Added up as decimals, so that no order of the segments changes a digit.
separated as (
    select
        as_of_date,
        dimension,
        subject_code,
        sum(customer_count) as customer_count,
        sum(cast(
            customer_count * power({{ as_number('amount') }} / customer_count - overall_mean, 2) as decimal(38, 2)
        )) as between_sum,
        sum(cast(
            greatest({{ as_number('square_sum') }} - power({{ as_number('amount') }}, 2) / customer_count, 0)
            as decimal(38, 2)
        )) as within_sum
    from overall
    group by as_of_date, dimension, subject_code
)

{{ measured_rows(
    'capture', 'captured', 'captured_cents / 100', 'all_cents / 100', sample_size='customer_count',
    subject_code='capture_code'
) }}
union all
{{ measured_rows('balance_concentration', 'concentrated', 'square_sum', 'sum_square', sample_size='customer_count') }}
union all
{{ measured_rows(
    'value_eta_squared', 'separated', 'between_sum', 'between_sum + within_sum', sample_size='customer_count',
    dimension='dimension', subject_code='subject_code'
) }}
