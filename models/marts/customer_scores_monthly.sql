{{ config(materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail') }}

select
    parties.customer_key,
    scores.as_of_date,
    scores.contribution_score,
    scores.risk_score,
    scores.potential_score,
    scores.composite_score,
    scores.observed_weight_share,
    scores.not_applicable_weight_share,
    scores.confidence_grade,
    grades.label as confidence_label,
    grades.label_zh as confidence_label_zh,
    scores.rule_version
from {{ ref('customer_scores') }} as scores
inner join {{ ref('months_to_publish') }} as months on scores.as_of_date = months.as_of_date
inner join {{ ref('stg_core__parties') }} as parties on scores.customer_sk = parties.customer_sk
left join {{ ref('confidence_grades') }} as grades
    on scores.rule_version = grades.rule_version and scores.confidence_grade = grades.confidence_grade
where {{ is_customer_rebuilt('scores.customer_sk', 'months.month_number') }}
