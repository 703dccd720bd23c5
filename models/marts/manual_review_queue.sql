with reviews as (
    select * from {{ ref('customer_reviews') }}
)

select
    parties.customer_key,
    reviews.as_of_date,
    reviews.reason_code,
    reasons.label as reason_label,
    reasons.label_zh as reason_label_zh,
    reviews.subject_code,
    reasons.priority,
    reviews.raised_date,
    reviews.due_date,
    reviews.due_date < reviews.as_of_date as is_overdue,
    reasons.advice,
    reasons.advice_zh,
    reasons.owner_department as owner_department_code,
    reviews.rule_version
from reviews
inner join {{ ref('stg_core__parties') }} as parties on reviews.customer_sk = parties.customer_sk
inner join {{ ref('manual_review_reasons') }} as reasons
    on reviews.rule_version = reasons.rule_version and reviews.reason_code = reasons.reason_code
