{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set epsilon = rule_parameter('stability_epsilon') %}

-- How far scores, features and segments have moved in twelve months. Bins are frozen in the older month.
with months as (
    select
        months.as_of_date,
        months.month_number,
        base.as_of_date as base_date
    from {{ ref('ledger_months') }} as months
    left join {{ ref('ledger_months') }} as base on months.month_number - 12 = base.month_number
    where
        {{ is_month_rebuilt('months.month_number') }}
        and {{ is_newest_month('months.month_number', rule_parameter('stability_months')) }}
),

subjects as (
    select subject_code from {{ ref('evaluation_subjects') }}
    where is_stability_watched
),

known as (
    select
        customers.as_of_date,
        subjects.subject_code,
        count(*) as customer_count,
        count(customers.value) as known_count
    from {{ ref('int_stability_values') }} as customers
    inner join subjects on customers.subject_code = subjects.subject_code
    where {{ is_month_rebuilt('customers.month_number') }}
    group by customers.as_of_date, subjects.subject_code
),

cuts as (
    select
        months.as_of_date,
        base.subject_code,
        {{ frozen_cuts('base.value') }}
    from months
    inner join {{ ref('int_stability_values') }} as base on months.base_date = base.as_of_date
    inner join subjects on base.subject_code = subjects.subject_code
    where base.value is not null
    group by months.as_of_date, base.subject_code
),

counted_cuts as (
    select
        *,
        {{ frozen_bin_count('cuts') }} as bin_count
    from cuts
),

compared_months as (
    select as_of_date, as_of_date as compared_date, 1 as is_now from months
    union all
    select as_of_date, base_date as compared_date, 0 as is_now from months
),

binned as (
    select
        cuts.as_of_date,
        cuts.subject_code,
        cuts.bin_count,
        {{ frozen_bin('customers.value', 'cuts') }} as bin_number,
        months.is_now
    from counted_cuts as cuts
    inner join compared_months as months on cuts.as_of_date = months.as_of_date
    inner join {{ ref('int_stability_values') }} as customers
        on cuts.subject_code = customers.subject_code and months.compared_date = customers.as_of_date
    where customers.value is not null
),

feature_bins as (
    select
        as_of_date,
        'psi' as metric_code,
        'all' as dimension,
        subject_code,
        bin_number,
        bin_count,
        sum(is_now) as count_now,
        sum(1 - is_now) as count_then
    from binned
    group by as_of_date, subject_code, bin_number, bin_count
),

segments as (
    select * from {{ ref('segment_metrics') }}
    where metric_code = 'customer_share'
),

segment_bins as (
    select
        months.as_of_date,
        'segment_psi' as metric_code,
        segments.dimension,
        'all' as subject_code,
        segments.segment_code,
        sum(case when segments.as_of_date = months.as_of_date then segments.numerator else 0 end) as count_now,
        sum(case when segments.as_of_date = months.base_date then segments.numerator else 0 end) as count_then
    from months
    inner join segments on segments.as_of_date in (months.as_of_date, months.base_date)
    where months.base_date is not null
    group by months.as_of_date, segments.dimension, segments.segment_code
),

bins as (
    select as_of_date, metric_code, dimension, subject_code, bin_count, count_now, count_then
    from feature_bins
    union all
    select
        as_of_date,
        metric_code,
        dimension,
        subject_code,
        count(*) over (partition by as_of_date, dimension) as bin_count,
        count_now,
        count_then
    from segment_bins
),

weighed as (
    select
        *,
        sum(count_now) over whole as total_now,
        sum(count_then) over whole as total_then
    from bins
    window whole as (partition by as_of_date, metric_code, dimension, subject_code)
),

termed as (
    select
        *,
        cast(
            {{ stability_term('count_now', 'total_now', 'count_then', 'total_then', epsilon) }} as decimal(18, 12)
        ) as term
    from weighed
    where total_now > 0 and total_then > 0
),

-- terms are rounded before they are added, so that no order changes a digit
summed as (
    select
        as_of_date,
        metric_code,
        dimension,
        subject_code,
        max(bin_count) as bin_count,
        max(total_now) as total_now,
        max(total_then) as total_then,
        sum(term) as stability_index
    from termed
    group by as_of_date, metric_code, dimension, subject_code
),

judged as (
    select
        summed.*,
        {{ stability_critical_value('summed.total_now', 'summed.total_then', 'quantiles.quantile') }} as critical_value
    from summed
    -- one bin can't move: no degrees of freedom, no index
    inner join {{ ref('chi_squared_quantiles') }} as quantiles on summed.bin_count - 1 = quantiles.degrees_of_freedom
)

{{ measured_rows('known_share', 'known', 'known_count', 'customer_count', subject_code='subject_code') }}
union all
{%- for metric_code in ['psi', 'segment_psi'] %}
{{ 'union all' if not loop.first }}
{{ measured_rows(
    metric_code, 'judged', 'total_now', 'total_then', value='stability_index', sample_size='total_now',
    critical_value='critical_value', dimension='dimension', subject_code='subject_code', horizon_months='12',
    condition="metric_code = '" ~ metric_code ~ "'"
) }}
{%- endfor %}
