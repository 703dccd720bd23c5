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
        and {{ is_newest_month('months.month_number', rule_parameter('stability_months')) }}
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
