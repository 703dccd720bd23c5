-- The evaluation of every published month: all cells of the registry, measured or not, and which of them ask for
-- attention.
with months as (
    select
        months.as_of_date,
        months.month_number,
        versions.rule_version
    from {{ ref('published_months') }} as months
    inner join {{ ref('month_rule_versions') }} as versions on months.as_of_date = versions.as_of_date
),

cells as (
    select
        months.as_of_date,
        {{ month_end(first_day_of_month('(months.month_number - cells.horizon_months)')) }} as cohort_date,
        cells.*
    from months
    inner join {{ ref('evaluation_cells') }} as cells on months.rule_version = cells.rule_version
    where
        {{ is_newest_month('months.month_number', '1') }}
        or cells.history_code = 'all'
        or (
            cells.history_code = 'stability'
            and {{ is_newest_month('months.month_number', rule_parameter('stability_months')) }}
        )
        or (
            cells.history_code = 'outcome'
            and {{ is_newest_month('months.month_number', rule_parameter('outcome_months')) }}
        )
),

measured as (
    select
        cells.*,
        measures.numerator,
        measures.denominator,
        measures.value,
        measures.lower_bound,
        measures.upper_bound,
        measures.critical_value,
        coalesce(measures.sample_size, 0) as sample_size,
        -- a group too small to speak of is there, but its numbers aren't
        cells.dimension in ('gender', 'age_band') and measures.metric_code is null as is_suppressed
    from cells
    left join {{ ref('evaluation_metric_values') }} as measures
        on
            cells.as_of_date = measures.as_of_date
            and cells.metric_code = measures.metric_code
            and cells.dimension = measures.dimension
            and cells.segment_code = measures.segment_code
            and cells.subject_code = measures.subject_code
            and cells.outcome_code = measures.outcome_code
            and cells.horizon_months = measures.horizon_months
)

select
    measured.as_of_date,
    measured.rule_version,
    measured.metric_code,
    metrics.metric_rank,
    metrics.family as metric_family_code,
    metrics.label as metric_label,
    metrics.label_zh as metric_label_zh,
    metrics.unit,
    metrics.direction as direction_code,
    measured.dimension,
    measured.segment_code,
    measured.segment_rank,
    measured.segment_label,
    measured.segment_label_zh,
    measured.subject_code,
    measured.subject_label,
    measured.subject_label_zh,
    measured.outcome_code,
    measured.outcome_label,
    measured.outcome_label_zh,
    measured.cohort_date,
    measured.horizon_months,
    measured.value,
    measured.numerator,
    measured.denominator,
    measured.lower_bound,
    measured.upper_bound,
    measured.sample_size,
    measured.critical_value,
    -- where chance has to be ruled out, the interval or the critical value has to say so too
    coalesce(measured.value >= metrics.alarm_from or measured.value < metrics.alarm_below, false)
    and (
        not metrics.is_significance_needed
        or coalesce(measured.value > measured.critical_value, false)
        or coalesce(measured.lower_bound >= metrics.alarm_from, false)
        or coalesce(measured.upper_bound < metrics.alarm_below, false)
    ) as is_alarm,
    measured.is_suppressed
from measured
inner join {{ ref('evaluation_metrics') }} as metrics on measured.metric_code = metrics.metric_code
