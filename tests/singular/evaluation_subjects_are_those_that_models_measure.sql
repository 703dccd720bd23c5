-- The seed's flags and the lists of the macros say the same.
with asked as (
    {%- for axis, subjects in {
        'stability': stability_subjects(), 'rank': rank_subjects(), 'predictor': predictors(),
    }.items() %}
    {%- set outer = loop %}
    {%- for subject in subjects %}
    {{ 'union all' if not (outer.first and loop.first) }}
    select '{{ axis }}' as axis, '{{ subject }}' as subject_code
    {%- endfor %}
    {%- endfor %}
    {%- for outcome in outcome_codes() %}
    union all
    select 'outcome' as axis, '{{ outcome }}' as subject_code
    {%- endfor %}
),

registered as (
    select 'stability' as axis, subject_code from {{ ref('evaluation_subjects') }}
    where is_stability_watched
    union all
    select 'rank' as axis, subject_code from {{ ref('evaluation_subjects') }}
    where is_rank_watched
    union all
    select 'predictor' as axis, subject_code from {{ ref('evaluation_subjects') }}
    where is_predictor
    union all
    select 'outcome' as axis, outcome_code as subject_code from {{ ref('outcome_definitions') }}
)

select
    coalesce(asked.axis, registered.axis) as axis,
    coalesce(asked.subject_code, registered.subject_code) as subject_code
from asked
full outer join registered on asked.axis = registered.axis and asked.subject_code = registered.subject_code
where asked.subject_code is null or registered.subject_code is null
