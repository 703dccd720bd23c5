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

-- Each customer of a cohort meets its scores once; only then is it looked at by one score after the other.
scored as (
    select
        {%- for name in outcome_codes() %}
        outcomes.{{ name }},
        {%- endfor %}
        outcomes.as_of_date,
        outcomes.month_number,
        outcomes.horizon_months,
        subjects.subject_code,
        subjects.sign,
        case subjects.subject_code
            {%- for subject in predictors() %}
            when '{{ subject }}' then {{ as_number('customers.' ~ subject) }}
            {%- endfor %}
        end as value
    from {{ ref('int_outcomes') }} as outcomes
    inner join {{ ref('int_evaluation_customers') }} as customers
        on outcomes.customer_sk = customers.customer_sk and outcomes.cohort_date = customers.as_of_date
    cross join subjects
    where {{ is_month_rebuilt('outcomes.month_number') }}
)

select
    {%- for name in outcome_codes() %}
    cast(count({{ name }}) as integer) as {{ name }}_trials,
    cast(count(case when {{ name }} = 1 then 1 end) as integer) as {{ name }}_hits,
    {%- endfor %}
    as_of_date,
    month_number,
    horizon_months,
    subject_code,
    value * sign as badness
from scored
where value is not null
group by as_of_date, month_number, horizon_months, subject_code, value * sign
