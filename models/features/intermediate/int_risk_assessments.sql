-- One risk assessment per customer and day: where a day has several, the newest, then the most cautious.
with ranked as (
    select
        assessments.customer_sk,
        cast(assessments.assessed_at as date) as assessed_date,
        assessments.risk_level_code,
        preferences.level,
        preferences.risk_preference_code,
        assessments.tolerance_score,
        assessments.awareness_score,
        row_number() over (
            partition by assessments.customer_sk, cast(assessments.assessed_at as date)
            order by
                assessments.assessed_at desc,
                preferences.level asc,
                assessments.tolerance_score asc,
                assessments.awareness_score asc
        ) as assessment_rank
    from {{ ref('stg_wealth__risk_assessments') }} as assessments
    inner join {{ ref('risk_preferences') }} as preferences
        on assessments.risk_level_code = preferences.risk_level_code
)

select
    customer_sk,
    assessed_date,
    risk_level_code,
    level,
    risk_preference_code,
    tolerance_score,
    awareness_score
from ranked
where assessment_rank = 1
