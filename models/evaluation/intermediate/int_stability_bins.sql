{%- set months_measured = rule_parameter('stability_months') %}
{#- The values of the months to measure, and those of a year before. As sub-selects, which are never written down. -#}
{%- set values_now -%}
(
    select * from {{ ref('int_stability_values') }}
    where
        {{ is_rebuilt('as_of_date') }}
        and {{ is_in_newest_months('as_of_date', months_measured) }}
        and value is not null
)
{%- endset %}
{%- set values_then -%}
(
    select * from {{ ref('int_stability_values') }}
    where
        {{ is_rebuilt('as_of_date', 12) }}
        and {{ is_in_newest_months('as_of_date', '(' ~ months_measured ~ ' + 12)') }}
        and not {{ is_in_newest_months('as_of_date', 12) }}
        and value is not null
)
{%- endset %}

-- How many customers each bin of a score, feature or dimension held twelve months ago and holds now. Bins of values are
-- frozen in the older month; those of a dimension are its segments.
with months as (
    select
        months.as_of_date,
        months.month_number,
        base.as_of_date as base_date
    from {{ ref('ledger_months') }} as months
    left join {{ ref('ledger_months') }} as base on months.month_number - 12 = base.month_number
    where
        {{ is_month_rebuilt('months.month_number') }}
        and {{ is_newest_month('months.month_number', months_measured) }}
),

subjects as (
    select subject_code from {{ ref('evaluation_subjects') }}
    where is_stability_watched
),

cuts as (
    select
        months.as_of_date,
        base.subject_code,
        {{ frozen_cuts('base.value') }}
    from months
    inner join {{ values_then }} as base on months.base_date = base.as_of_date
    inner join subjects on base.subject_code = subjects.subject_code
    group by months.as_of_date, base.subject_code
),

counted_cuts as (
    select
        *,
        {{ frozen_bin_count('cuts') }} as bin_count
    from cuts
),

binned as (
    select
        cuts.as_of_date,
        cuts.subject_code,
        cuts.bin_count,
        {{ frozen_bin('customers.value', 'cuts') }} as bin_number,
        1 as is_now
    from counted_cuts as cuts
    inner join {{ values_now }} as customers
        on cuts.subject_code = customers.subject_code and cuts.as_of_date = customers.as_of_date
    union all
    select
        cuts.as_of_date,
        cuts.subject_code,
        cuts.bin_count,
        {{ frozen_bin('customers.value', 'cuts') }} as bin_number,
        0 as is_now
    from counted_cuts as cuts
    inner join months on cuts.as_of_date = months.as_of_date
    inner join {{ values_then }} as customers
        on cuts.subject_code = customers.subject_code and months.base_date = customers.as_of_date
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
    where metric_code = 'customer_share' and numerator > 0
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
)

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
