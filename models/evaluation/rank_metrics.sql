{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

-- Whether the order of the customers holds from one month to the next. Ranks are whole numbers: their sums are exact.
with subjects as (
    select subject_code from {{ ref('evaluation_subjects') }}
    where is_rank_watched
),

paired as (
    select
        customers.as_of_date,
        customers.subject_code,
        customers.value,
        previous.value as previous_value
    from {{ ref('int_rank_values') }} as customers
    inner join subjects on customers.subject_code = subjects.subject_code
    inner join {{ ref('int_rank_values') }} as previous
        on
            customers.customer_sk = previous.customer_sk
            and customers.subject_code = previous.subject_code
            and customers.month_number - 1 = previous.month_number
    where
        {{ is_month_rebuilt('customers.month_number') }}
        and {{ is_newest_month('customers.month_number', rule_parameter('stability_months')) }}
        and {{ is_month_rebuilt('previous.month_number', 1) }}
        and customers.value is not null
        and previous.value is not null
),

ranked as (
    select
        as_of_date,
        subject_code,
        {{ double_rank('as_of_date, subject_code', 'value') }} as x,
        {{ double_rank('as_of_date, subject_code', 'previous_value') }} as y
    from paired
),

summed as (
    select
        as_of_date,
        subject_code,
        count(*) as customer_count,
        {{ correlation('count(*)', 'sum(x)', 'sum(y)', 'sum(x * y)', 'sum(x * x)', 'sum(y * y)') }} as rank_correlation
    from ranked
    group by as_of_date, subject_code
)

{{ measured_rows(
    'rank_correlation', 'summed', value='rank_correlation', sample_size='customer_count', subject_code='subject_code',
    horizon_months='1'
) }}
