-- One rating per customer and day: where a day has several, the worst.
with ratings as (
    select
        ratings.customer_sk,
        cast(ratings.rated_at as date) as rated_date,
        ratings.rated_at,
        ratings.rating_code,
        row_number() over (
            partition by ratings.customer_sk, cast(ratings.rated_at as date)
            order by ratings.rated_at desc, probabilities.default_probability desc, ratings.rating_code asc
        ) as rating_rank
    from {{ ref('stg_lending__credit_ratings') }} as ratings
    left join {{ ref('default_probabilities') }} as probabilities
        on probabilities.basis = 'rating' and ratings.rating_code = probabilities.code
    where ratings.rating_code is not null
)

select
    customer_sk,
    rated_date,
    rating_code
from ratings
where rating_rank = 1
