{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set dimensions = {} %}
{%- for name in ['value_tier', 'need', 'activity', 'class'] %}
{%- do dimensions.update({name: segment_dimensions()[name]}) %}
{%- endfor %}
{%- set aggregates = [] %}
{%- for name in outcome_codes() %}
{%- do aggregates.extend(['count(' ~ name ~ ') as ' ~ name ~ '_trials', 'sum(' ~ name ~ ') as ' ~ name ~ '_hits']) %}
{%- endfor %}
{%- set quantile = rule_parameter('interval_quantile') %}

-- How often it happened to the customers of each segment of the cohort, and whether worse classes fared worse.
with cohorts as (
    select
        {%- for column in dimensions.values() %}
        customers.{{ column }},
        {%- endfor %}
        outcomes.*
    from {{ ref('int_outcomes') }} as outcomes
    inner join {{ ref('int_evaluation_customers') }} as customers
        on outcomes.customer_sk = customers.customer_sk and outcomes.cohort_date = customers.as_of_date
    where {{ is_month_rebuilt('outcomes.month_number') }}
),

counted as (
    {{ counted_by_segment('cohorts', ['as_of_date', 'horizon_months'], aggregates | join(', '), dimensions) }}
),

by_outcome as (
    {%- for name in outcome_codes() %}
    {{ 'union all' if not loop.first }}
    select
        as_of_date,
        horizon_months,
        dimension,
        segment_code,
        '{{ name }}' as outcome_code,
        {{ name }}_trials as trials,
        coalesce({{ name }}_hits, 0) as hits
    from counted
    {%- endfor %}
),

shared as (
    select
        *,
        sum(trials) over whole as all_trials,
        sum(hits) over whole as all_hits
    from by_outcome
    window whole as (partition by as_of_date, horizon_months, outcome_code, dimension)
),

totals as (
    select distinct as_of_date, horizon_months, outcome_code, all_trials as trials, all_hits as hits
    from shared
    where dimension = 'class'
),

described as (
    select as_of_date, horizon_months, outcome_code, dimension, segment_code, trials, hits
    from shared
    union all
    select as_of_date, horizon_months, outcome_code, 'all' as dimension, 'all' as segment_code, trials, hits
    from totals
),

-- from the best code to the worst; a code to which nothing could happen has no rate to compare
ordered as (
    select
        shared.*,
        {{ ratio('shared.hits', 'shared.trials') }} as rate,
        case when dimensions.worse_rank_direction = 'up' then codes.rank else -codes.rank end as badness
    from shared
    inner join {{ ref('evaluation_dimensions') }} as dimensions on shared.dimension = dimensions.dimension
    inner join {{ ref('classification_codes') }} as codes
        on shared.dimension = codes.dimension and shared.segment_code = codes.code
    where dimensions.worse_rank_direction <> 'none' and codes.rank > 0 and shared.trials > 0
),

compared as (
    select
        *,
        lag(rate) over (
            partition by as_of_date, horizon_months, outcome_code, dimension order by badness
        ) as better_rate
    from ordered
),

monotone as (
    select
        as_of_date,
        horizon_months,
        outcome_code,
        dimension,
        count(better_rate) as step_count,
        sum(case when rate >= better_rate then 1 else 0 end) as right_count,
        sum(trials) as trials
    from compared
    group by as_of_date, horizon_months, outcome_code, dimension
)

{% set cell = {
    'dimension': 'dimension', 'outcome_code': 'outcome_code', 'horizon_months': 'horizon_months',
} -%}
{{ measured_rows(
    'outcome_rate', 'described', 'hits', 'trials', lower_bound=wilson_bound('hits', 'trials', quantile, '-'),
    upper_bound=wilson_bound('hits', 'trials', quantile, '+'), segment_code='segment_code', **cell
) }}
union all
{{ measured_rows(
    'outcome_lift', 'shared', 'hits * all_trials', 'all_hits * trials', sample_size='trials',
    segment_code='segment_code', **cell
) }}
union all
{{ measured_rows(
    'outcome_monotone', 'monotone', 'right_count', 'step_count', sample_size='trials',
    value='case when step_count > 0 then case when right_count = step_count then 1 else 0 end end', **cell
) }}
