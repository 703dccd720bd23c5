with counted as (
    select
        customer_sk,
        as_of_date,
        1 as customer_rows,
        0 as tier_rows
    from {{ ref('customer_months') }}
    where {{ is_customer_tested('customer_sk', 'customer_sk', 'as_of_date') }}
    union all
    select
        customer_sk,
        as_of_date,
        0 as customer_rows,
        1 as tier_rows
    from {{ ref('customer_value_tiers') }}
    where {{ is_customer_tested('customer_sk', 'customer_sk', 'as_of_date') }}
)

select
    customer_sk,
    as_of_date,
    sum(tier_rows) as tier_rows
from counted
group by customer_sk, as_of_date
having sum(customer_rows) <> 1 or sum(tier_rows) <> 1
