{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set epsilon = rule_parameter('stability_epsilon') %}

-- How far scores, features and segments have moved in twelve months, and how much of each is known at all.
with known as (
    select
        customers.as_of_date,
        subjects.subject_code,
        count(*) as customer_count,
        count(customers.value) as known_count
    from {{ ref('int_stability_values') }} as customers
    inner join {{ ref('evaluation_subjects') }} as subjects
        on customers.subject_code = subjects.subject_code and subjects.is_stability_watched
    where {{ is_month_rebuilt('customers.month_number') }}
    group by customers.as_of_date, subjects.subject_code
),

weighed as (
    select
        *,
        sum(count_now) over whole as total_now,
        sum(count_then) over whole as total_then
    from {{ ref('int_stability_bins') }}
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
