select
    members.customer_sk,
    credit_ratings.rated_at,
    credit_ratings.rating_code
from {{ ref('lending__credit_ratings_judged') }} as credit_ratings
inner join {{ ref('party_members') }} as members on credit_ratings.customer_id = members.customer_id
where credit_ratings.rejection is null
