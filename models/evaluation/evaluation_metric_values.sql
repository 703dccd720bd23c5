-- Everything that could be measured, in one shape: a view over the metrics of each kind, their columns by name.
{%- for name in [
    'segment_metrics', 'concentration_metrics', 'migration_metrics', 'stability_metrics', 'rank_metrics', 'outcome_metrics',
    'discrimination_metrics', 'signal_metrics', 'fairness_metrics', 'stress_metrics',
] %}
{{ 'union all' if not loop.first }}
select
    as_of_date,
    metric_code,
    dimension,
    segment_code,
    subject_code,
    outcome_code,
    horizon_months,
    numerator,
    denominator,
    value,
    lower_bound,
    upper_bound,
    critical_value,
    sample_size
from {{ ref(name) }}
{%- endfor %}
