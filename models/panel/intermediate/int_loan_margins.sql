-- What a customer's loans earned the bank in a month, before and after the loss that is to be expected: probability of
-- default by the customer's newest rating, without one by the loan's five-class. In exact margin units.
with ratings as (
    select
        customer_sk,
        rated_date,
        rating_code,
        lead(rated_date) over (partition by customer_sk order by rated_date) as next_rated_date
    from {{ ref('customer_ratings') }}
),

loans as (
    select
        loans.*,
        coalesce(losses.loss_given_default, cast({{ rule_parameter('usual_loss_given_default') }} as decimal(9, 4)))
            as loss_given_default,
        coalesce(rated.default_probability, classed.default_probability) as default_probability,
        loans.interest_rate - prices.transfer_price_rate as margin_rate
    from {{ ref('int_loan_position_months') }} as loans
    left join ratings
        on
            loans.customer_sk = ratings.customer_sk
            and loans.as_of_date >= ratings.rated_date
            and loans.as_of_date < {{ date_or_never('ratings.next_rated_date') }}
    left join {{ ref('default_probabilities') }} as rated
        on rated.basis = 'rating' and ratings.rating_code = rated.code
    left join {{ ref('default_probabilities') }} as classed
        on classed.basis = 'five_class' and cast(loans.five_class as {{ dbt.type_string() }}) = classed.code
    left join {{ ref('loss_given_default') }} as losses on loans.product_code = losses.product_code
    left join {{ ref('int_transfer_prices') }} as prices
        on
            loans.month_number = prices.month_number
            and loans.tenor_months >= prices.from_tenor_months
            and loans.tenor_months < {{ month_or_never('prices.below_tenor_months') }}
),

valued as (
    select
        customer_sk,
        as_of_date,
        {{ margin_units('outstanding_units', 'margin_rate') }} as margin_units,
        {{ margin_units('outstanding_units', 'cast(default_probability * loss_given_default as decimal(18, 8))') }}
            as expected_loss_units
    from loans
)

select
    customer_sk,
    as_of_date,
    sum(margin_units) as margin_units,
    sum(expected_loss_units) as expected_loss_units,
    count(*) = count(margin_units) and count(*) = count(expected_loss_units) as is_known
from valued
group by customer_sk, as_of_date
