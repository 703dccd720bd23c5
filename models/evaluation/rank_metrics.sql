{{ config(
    materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail',
    meta={'is_made_by_month': true, 'months_read_before': 1}
) }}

-- Whether the order of the customers holds from one month to the next. Ranks are whole numbers: their sums are exact.
with subjects as (
    select subject_code, subject_rank from {{ ref('evaluation_subjects') }}
    where is_rank_watched
),

-- Each customer meets itself a month before once; only then is it looked at by one score after the other.
paired as (
    select
        customers.as_of_date,
        subjects.subject_rank,
        {{ value_of_subject('subjects.subject_code', rank_subjects(), 'customers') }} as value,
        {{ value_of_subject('subjects.subject_code', rank_subjects(), 'previous') }} as previous_value
    from {{ ref('int_evaluation_customers') }} as customers
    inner join {{ ref('int_evaluation_customers') }} as previous
        on customers.customer_sk = previous.customer_sk and customers.month_number - 1 = previous.month_number
    cross join subjects
    where
        {{ is_month_rebuilt('customers.month_number') }}
        and {{ is_newest_month('customers.month_number', rule_parameter('stability_months')) }}
        and {{ is_month_rebuilt('previous.month_number', 1) }}
        and {{ is_read('customers.as_of_date') }}
        and {{ is_read('previous.as_of_date') }}
),

ranked as (
    select
        as_of_date,
        subject_rank,
        {{ double_rank('as_of_date, subject_rank', 'value') }} as x,
        {{ double_rank('as_of_date, subject_rank', 'previous_value') }} as y
    from paired
    where value is not null and previous_value is not null
),

summed as (
    select
        as_of_date,
        subject_rank,
        count(*) as customer_count,
        {{ correlation('count(*)', 'sum(x)', 'sum(y)', 'sum(x * y)', 'sum(x * x)', 'sum(y * y)') }} as rank_correlation
    from ranked
    group by as_of_date, subject_rank
),

named as (
    select summed.*, subjects.subject_code
    from summed
    inner join subjects on summed.subject_rank = subjects.subject_rank
)

{{ measured_rows(
    'rank_correlation', 'named', value='rank_correlation', sample_size='customer_count', subject_code='subject_code',
    horizon_months='1'
) }}
