{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set quantile = as_number(rule_parameter('interval_quantile')) %}

-- How well each score tells those to whom it happened from the others. Counts are whole numbers, ties count half.
with counts as (
    select * from {{ ref('int_predictor_counts') }}
    where {{ is_month_rebuilt('month_number') }}
),

totals as (
    select
        {%- for name in outcome_codes() %}
        sum({{ name }}_trials) as all_{{ name }}_trials,
        sum({{ name }}_hits) as all_{{ name }}_hits,
        {%- endfor %}
        as_of_date,
        horizon_months,
        subject_code
    from counts
    group by as_of_date, horizon_months, subject_code
),

-- One sort for all outcomes: those at most as bad, up to and with this value. Counts are exact as doubles, too, which
-- DuckDB adds in half the time.
ranked as (
    select
        {%- for name in outcome_codes() %}
        cast(sum({{ as_number(name ~ '_trials') }}) over up_to_now as bigint) as {{ name }}_trials_up_to,
        cast(sum({{ as_number(name ~ '_hits') }}) over up_to_now as bigint) as {{ name }}_hits_up_to,
        {%- endfor %}
        counts.*
    from counts
    window up_to_now as (partition by as_of_date, horizon_months, subject_code order by badness)
),

cumulated as (
    select
        {%- for name in outcome_codes() %}
        totals.all_{{ name }}_trials,
        totals.all_{{ name }}_hits,
        {%- endfor %}
        ranked.*
    from ranked
    inner join totals
        on
            ranked.as_of_date = totals.as_of_date
            and ranked.horizon_months = totals.horizon_months
            and ranked.subject_code = totals.subject_code
),

-- all outcomes at once, so that the cumulated counts are never written down
measured as (
    select
        {%- for name in outcome_codes() %}
        {%- set negatives = '(' ~ name ~ '_trials - ' ~ name ~ '_hits)' %}
        {%- set negatives_up_to = '(' ~ name ~ '_trials_up_to - ' ~ name ~ '_hits_up_to)' %}
        max(all_{{ name }}_trials) as {{ name }}_trials,
        max(all_{{ name }}_hits) as {{ name }}_hits,
        -- the negatives that are less bad count twice, those as bad once
        sum(
            cast({{ name }}_hits as {{ type_exact_integer() }})
            * (2 * {{ negatives_up_to }} - {{ negatives }})
        ) as {{ name }}_double_pairs,
        max(
            abs(
                {{ as_number(name ~ '_hits_up_to') }} / nullif(all_{{ name }}_hits, 0)
                - {{ as_number(negatives_up_to) }} / nullif(all_{{ name }}_trials - all_{{ name }}_hits, 0)
            )
        ) as {{ name }}_distance,
        -- values are kept whole: the worst ones until they hold the wanted share of the customers
        {%- for count in ['trials', 'hits'] %}
        sum(
            case
                when all_{{ name }}_trials - {{ name }}_trials_up_to
                    < {{ rule_parameter('lift_share') }} * all_{{ name }}_trials
                    then {{ name }}_{{ count }}
                else 0
            end
        ) as {{ name }}_worst_{{ count }},
        {%- endfor %}
        {%- endfor %}
        as_of_date,
        horizon_months,
        subject_code
    from cumulated
    group by as_of_date, horizon_months, subject_code
),

summed as (
    {%- for name in outcome_codes() %}
    {{ 'union all' if not loop.first }}
    select
        as_of_date,
        horizon_months,
        subject_code,
        '{{ name }}' as outcome_code,
        {{ name }}_trials as trials,
        {{ name }}_hits as hits,
        {{ name }}_double_pairs as double_pairs,
        {{ name }}_distance as distance,
        {{ name }}_worst_trials as worst_trials,
        {{ name }}_worst_hits as worst_hits
    from measured
    {%- endfor %}
),

rated as (
    select
        *,
        trials - hits as negatives,
        {{ auc('double_pairs', 'hits', '(trials - hits)') }} as auc
    from summed
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
