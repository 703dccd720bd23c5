{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set quantile = rule_parameter('interval_quantile') %}

-- What a warning is worth: how often it was right, how much of what happened it had seen, and how long before.
with outcomes as (
    select * from {{ ref('int_outcomes') }}
    where {{ is_month_rebuilt('month_number') }}
),

totals as (
    select
        {%- for name in outcome_codes() %}
        count({{ name }}) as all_{{ name }}_trials,
        coalesce(sum({{ name }}), 0) as all_{{ name }}_hits,
        {%- endfor %}
        as_of_date,
        horizon_months
    from outcomes
    group by as_of_date, horizon_months
),

watched_signals as (
    select distinct
        months.as_of_date,
        cells.subject_code as signal_code
    from {{ ref('month_rule_versions') }} as months
    inner join {{ ref('evaluation_cells') }} as cells on months.rule_version = cells.rule_version
    where cells.metric_code = 'signal_recall'
),

fired as (
    select
        {%- for name in outcome_codes() %}
        count(outcomes.{{ name }}) as {{ name }}_trials,
        coalesce(sum(outcomes.{{ name }}), 0) as {{ name }}_hits,
        {%- endfor %}
        outcomes.as_of_date,
        outcomes.horizon_months,
        signals.signal_code
    from outcomes
    inner join {{ ref('int_fired_signals') }} as signals
        on outcomes.customer_sk = signals.customer_sk and outcomes.cohort_date = signals.as_of_date
    where {{ is_cohort_counted('signals.as_of_date') }}
    group by outcomes.as_of_date, outcomes.horizon_months, signals.signal_code
),

-- one that was on for nobody has foreseen nothing
counted as (
    {%- for name in outcome_codes() %}
    {{ 'union all' if not loop.first }}
    select
        totals.as_of_date,
        totals.horizon_months,
        watched_signals.signal_code,
        '{{ name }}' as outcome_code,
        coalesce(fired.{{ name }}_trials, 0) as trials,
        coalesce(fired.{{ name }}_hits, 0) as hits,
        totals.all_{{ name }}_trials as all_trials,
        totals.all_{{ name }}_hits as all_hits
    from totals
    inner join watched_signals on totals.as_of_date = watched_signals.as_of_date
    left join fired
        on
            totals.as_of_date = fired.as_of_date
            and totals.horizon_months = fired.horizon_months
            and watched_signals.signal_code = fired.signal_code
    {%- endfor %}
),

leads as (
    select
        as_of_date,
        signal_code,
        outcome_code,
        sum(lead_months) as lead_months,
        count(*) as customer_count
    from {{ ref('int_signal_leads') }}
    where {{ is_month_rebuilt('month_number') }}
    group by as_of_date, signal_code, outcome_code
)

{% set cell = {
    'subject_code': 'signal_code', 'outcome_code': 'outcome_code', 'horizon_months': 'horizon_months',
} -%}
{{ measured_rows(
    'signal_precision', 'counted', 'hits', 'trials', lower_bound=wilson_bound('hits', 'trials', quantile, '-'),
    upper_bound=wilson_bound('hits', 'trials', quantile, '+'), **cell
) }}
union all
{{ measured_rows(
    'signal_recall', 'counted', 'hits', 'all_hits', lower_bound=wilson_bound('hits', 'all_hits', quantile, '-'),
    upper_bound=wilson_bound('hits', 'all_hits', quantile, '+'), **cell
) }}
union all
{{ measured_rows('signal_lift', 'counted', 'hits * all_trials', 'all_hits * trials', sample_size='trials', **cell) }}
union all
{{ measured_rows(
    'signal_lead_months', 'leads', 'lead_months', 'customer_count', subject_code='signal_code',
    outcome_code='outcome_code', horizon_months='12'
) }}
