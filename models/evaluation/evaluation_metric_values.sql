-- Everything that could be measured, in one shape. A view over the metrics of each kind.
{%- for name in [
    'segment_metrics', 'concentration_metrics', 'migration_metrics', 'stability_metrics', 'rank_metrics', 'outcome_metrics',
    'discrimination_metrics', 'signal_metrics', 'fairness_metrics', 'stress_metrics',
] %}
{{ 'union all' if not loop.first }}
select * from {{ ref(name) }}
{%- endfor %}
