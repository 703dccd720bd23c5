with summed as (
    select
        customer_key,
        as_of_date,
        sum(effective_points) as effective_points
    from {{ ref('customer_score_components') }}
    where {{ is_customer_tested('customer_key', 'customer_key', 'as_of_date') }}
    group by customer_key, as_of_date
)

select
    summed.*,
    scores.composite_score
from summed
inner join {{ ref('customer_scores_monthly') }} as scores
    on summed.customer_key = scores.customer_key and summed.as_of_date = scores.as_of_date
where
    (scores.composite_score is null) <> (summed.effective_points is null)
    or abs(scores.composite_score - summed.effective_points) > 1e-9
