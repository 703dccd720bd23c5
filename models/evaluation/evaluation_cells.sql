-- What the evaluation says something about, whether or not there is anybody: every metric of the registry with its
-- segments, subjects, outcomes and horizons, for each rule version.
with versions as (
    select distinct rule_version from {{ ref('month_rule_versions') }}
),

segments as (
    select dimension, code as segment_code, rank as segment_rank, label, label_zh
    from {{ ref('classification_codes') }}
    union all
    select list as dimension, code as segment_code, 0 as segment_rank, label, label_zh
    from {{ ref('other_codes') }}
    where list = 'gender'
    union all
    select 'age_band' as dimension, age_band_code as segment_code, 0 as segment_rank, label, label_zh
    from {{ ref('age_bands') }}
),

totals as (
    select code, label, label_zh from {{ ref('display_labels') }}
    where list = 'total'
),

wholes as (
    select dimensions.dimension, 'all' as segment_code, -1 as segment_rank, totals.label, totals.label_zh
    from {{ ref('evaluation_dimensions') }} as dimensions
    inner join totals on totals.code = 'all_customers'
),

placed as (
    select axes.metric_code, places.*
    from {{ ref('evaluation_metric_dimensions') }} as axes
    inner join wholes as places on axes.dimension = places.dimension
    where axes.has_total
    union all
    select axes.metric_code, places.*
    from {{ ref('evaluation_metric_dimensions') }} as axes
    inner join segments as places on axes.dimension = places.dimension
    where axes.has_segments
),

subjects as (
    select 'none' as axis, versions.rule_version, 'all' as subject_code, totals.label, totals.label_zh
    from versions
    inner join totals on totals.code = 'everything'
    union all
    select 'stability' as axis, versions.rule_version, subjects.subject_code, subjects.label, subjects.label_zh
    from {{ ref('evaluation_subjects') }} as subjects
    cross join versions
    where subjects.is_stability_watched
    union all
    select 'rank' as axis, versions.rule_version, subjects.subject_code, subjects.label, subjects.label_zh
    from {{ ref('evaluation_subjects') }} as subjects
    cross join versions
    where subjects.is_rank_watched
    union all
    select 'predictor' as axis, versions.rule_version, subjects.subject_code, subjects.label, subjects.label_zh
    from {{ ref('evaluation_subjects') }} as subjects
    cross join versions
    where subjects.is_predictor
    union all
    select 'value' as axis, versions.rule_version, subjects.subject_code, subjects.label, subjects.label_zh
    from {{ ref('evaluation_subjects') }} as subjects
    cross join versions
    where subjects.is_value
    union all
    select 'capture' as axis, versions.rule_version, shares.capture_code as subject_code, shares.label, shares.label_zh
    from {{ ref('capture_shares') }} as shares
    cross join versions
    union all
    select
        'fairness' as axis,
        versions.rule_version,
        settings.fairness_code as subject_code,
        settings.label,
        settings.label_zh
    from {{ ref('fairness_settings') }} as settings
    cross join versions
    union all
    select
        'signal' as axis,
        signals.rule_version,
        signals.signal_code as subject_code,
        coalesce(labels.label, signals.label) as label,
        coalesce(labels.label_zh, signals.label_zh) as label_zh
    from {{ ref('activity_signals') }} as signals
    left join {{ ref('evaluation_signal_labels') }} as labels on signals.signal_code = labels.signal_code
    union all
    select 'signal' as axis, rule_version, 'alert_' || signal_code as subject_code, label, label_zh
    from {{ ref('alert_signals') }}
    union all
    select 'indicator' as axis, rule_version, indicator_code as subject_code, label, label_zh
    from {{ ref('score_indicators') }}
),

outcomes as (
    select 'none' as axis, 'all' as outcome_code, label, label_zh from totals
    where code = 'everything'
    union all
    select 'outcome' as axis, outcome_code, label, label_zh from {{ ref('outcome_definitions') }}
    union all
    select 'new_outcome' as axis, outcome_code, label, label_zh from {{ ref('outcome_definitions') }}
    where is_new_only
),

horizons as (
    select metric_code, horizon_months from {{ ref('evaluation_metrics') }}
    where not is_over_horizons
    union all
    select metrics.metric_code, horizons.horizon_months
    from {{ ref('evaluation_metrics') }} as metrics
    cross join {{ ref('outcome_horizons') }} as horizons
    where metrics.is_over_horizons
)

select
    subjects.rule_version,
    metrics.metric_code,
    metrics.metric_rank,
    metrics.history_code,
    placed.dimension,
    placed.segment_code,
    placed.segment_rank,
    placed.label as segment_label,
    placed.label_zh as segment_label_zh,
    subjects.subject_code,
    subjects.label as subject_label,
    subjects.label_zh as subject_label_zh,
    outcomes.outcome_code,
    outcomes.label as outcome_label,
    outcomes.label_zh as outcome_label_zh,
    horizons.horizon_months
from {{ ref('evaluation_metrics') }} as metrics
inner join placed on metrics.metric_code = placed.metric_code
inner join subjects on metrics.subject_axis = subjects.axis
inner join outcomes on metrics.outcome_axis = outcomes.axis
inner join horizons on metrics.metric_code = horizons.metric_code
