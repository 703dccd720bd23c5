{{ config(
    materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail',
    meta={'is_made_by_month': true, 'rows_per_customer': 40}
) }}
{%- set quantile = as_number(rule_parameter('interval_quantile')) %}
{%- set is_worst = 'trials - last_rank < ' ~ rule_parameter('lift_share') ~ ' * trials' %}

-- How well each score tells those to whom it happened from the others, by ranks: those are whole numbers, ties count
-- half. Ranks and counts up to a value come with the sort; sums up to each would cost ten times as much.
with ranked as (
    select
        cell_number,
        hits,
        rank() over up_to_now as first_rank,
        count(*) over up_to_now as last_rank,
        count(*) over (partition by cell_number) as trials
    from {{ ref('int_predicted_outcomes') }}
    where {{ is_month_rebuilt('month_number') }} and {{ is_read('as_of_date') }}
    window up_to_now as (partition by cell_number order by badness)
),

-- A row per value at which it happened, and one for all others. Values are kept whole: the worst ones until they hold
-- the wanted share of the customers.
by_value as (
    select
        cell_number,
        case when hits = 1 then first_rank end as first_rank,
        max(last_rank) as last_rank,
        max(trials) as trials,
        sum(hits) as hits,
        count(case when {{ is_worst }} then 1 end) as worst_trials,
        sum(case when {{ is_worst }} then hits else 0 end) as worst_hits
    from ranked
    group by cell_number, case when hits = 1 then first_rank end
),

cumulated as (
    select
        *,
        sum(hits) over (partition by cell_number) as all_hits,
        sum(hits) over (partition by cell_number order by first_rank) as hits_up_to
    from by_value
),

-- up to and with a value, and before it
counted as (
    select
        *,
        trials - all_hits as negatives,
        last_rank - hits_up_to as negatives_up_to,
        hits_up_to - hits as hits_before,
        first_rank - 1 - (hits_up_to - hits) as negatives_before
    from cumulated
),

compared as (
    select
        *,
        {{ ks_distance('hits_up_to', 'all_hits', 'negatives_up_to', 'negatives') }} as distance_up_to,
        {{ ks_distance('hits_before', 'all_hits', 'negatives_before', 'negatives') }} as distance_before
    from counted
),

-- U2 from the sum of the ranks. The distance is largest at a value at which it happened, or just before one.
measured as (
    select
        cell_number,
        max(trials) as trials,
        max(all_hits) as hits,
        max(negatives) as negatives,
        sum(cast(hits as {{ type_exact_integer() }}) * (first_rank + last_rank - 1))
        - max(all_hits) * max(all_hits) as double_pairs,
        max(
            case when first_rank is not null then greatest(distance_up_to, distance_before) end
        ) as distance,
        sum(worst_trials) as worst_trials,
        sum(worst_hits) as worst_hits
    from compared
    group by cell_number
),

-- whatever could happen to none of a score's customers has rows, too
summed as (
    select
        cells.as_of_date,
        cells.horizon_months,
        cells.subject_code,
        cells.outcome_code,
        measured.double_pairs,
        measured.distance,
        coalesce(measured.trials, 0) as trials,
        coalesce(measured.hits, 0) as hits,
        coalesce(measured.negatives, 0) as negatives,
        coalesce(measured.worst_trials, 0) as worst_trials,
        coalesce(measured.worst_hits, 0) as worst_hits,
        max(measured.trials) over (
            partition by cells.as_of_date, cells.horizon_months, cells.subject_code
        ) as most_trials
    from {{ ref('int_prediction_cells') }} as cells
    left join measured on cells.cell_number = measured.cell_number
),

rated as (
    select
        *,
        {{ auc('double_pairs', 'hits', 'negatives') }} as auc
    from summed
    where most_trials is not null
),

bounded as (
    select
        *,
        {{ auc_standard_error('auc', 'hits', 'negatives') }} as standard_error
    from rated
)

{% set cell = {
    'subject_code': 'subject_code', 'outcome_code': 'outcome_code', 'horizon_months': 'horizon_months',
} -%}
{{ measured_rows(
    'auc', 'bounded', 'hits', 'negatives', value='auc', sample_size='trials',
    lower_bound='case when auc is not null then greatest(auc - ' ~ quantile ~ ' * standard_error, 0) end',
    upper_bound='case when auc is not null then least(auc + ' ~ quantile ~ ' * standard_error, 1) end', **cell
) }}
union all
{{ measured_rows('ks', 'bounded', 'hits', 'negatives', value='distance', sample_size='trials', **cell) }}
union all
{{ measured_rows(
    'score_lift', 'bounded', 'worst_hits * trials', 'hits * worst_trials', sample_size='worst_trials', **cell
) }}
