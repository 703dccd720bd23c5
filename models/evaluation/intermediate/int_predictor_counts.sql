{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

-- Per value of a score: to how many customers of the cohort something could happen, and to how many it did. Turned so
-- that a larger badness is the worse score.
with subjects as (
    select
        subject_code,
        case when direction = 'high_is_bad' then 1 else -1 end as sign
    from {{ ref('evaluation_subjects') }}
    where is_predictor
),

scored as (
    {%- for subject in predictors() %}
    {{ 'union all' if not loop.first }}
    select
        customer_sk,
        as_of_date,
        '{{ subject }}' as subject_code,
        {{ as_number(subject) }} as value
    from {{ ref('int_evaluation_customers') }}
    where {{ subject }} is not null
    {%- endfor %}
)

select
    {%- for name in outcome_codes() %}
    cast(count(outcomes.{{ name }}) as integer) as {{ name }}_trials,
    cast(coalesce(sum(outcomes.{{ name }}), 0) as integer) as {{ name }}_hits,
    {%- endfor %}
    outcomes.as_of_date,
    outcomes.month_number,
    outcomes.horizon_months,
    scored.subject_code,
    scored.value * subjects.sign as badness
from {{ ref('int_outcomes') }} as outcomes
inner join scored on outcomes.customer_sk = scored.customer_sk and outcomes.cohort_date = scored.as_of_date
inner join subjects on scored.subject_code = subjects.subject_code
where {{ is_month_rebuilt('outcomes.month_number') }}
group by
    outcomes.as_of_date, outcomes.month_number, outcomes.horizon_months, scored.subject_code,
    scored.value * subjects.sign
