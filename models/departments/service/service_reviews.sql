-- Only what the department has to settle.
select
    reviews.customer_key,
    reviews.as_of_date,
    reviews.reason_code,
    reviews.reason_label,
    reviews.reason_label_zh,
    reviews.subject_code,
    reviews.priority,
    reviews.raised_date,
    reviews.due_date,
    reviews.is_overdue,
    reviews.advice,
    reviews.advice_zh,
    reviews.owner_department_code,
    reviews.rule_version
from {{ ref('manual_review_queue') }} as reviews
where reviews.owner_department_code = 'service'
