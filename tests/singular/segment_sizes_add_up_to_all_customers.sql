with customers as (
    select
        as_of_date,
        count(*) as customer_count,
        coalesce(sum(month_end_balance), 0) as month_end_balance
    from {{ ref('customer_features_monthly') }}
    group by as_of_date
),

sizes as (
    select
        as_of_date,
        dimension,
        sum(customer_count) as customer_count,
        sum(month_end_balance) as month_end_balance
    from {{ ref('segment_sizes_monthly') }}
    group by as_of_date, dimension
)

select
    sizes.as_of_date,
    sizes.dimension,
    sizes.customer_count,
    customers.customer_count as expected_customer_count
from sizes
left join customers on sizes.as_of_date = customers.as_of_date
where
    sizes.customer_count <> coalesce(customers.customer_count, 0)
    or sizes.month_end_balance <> coalesce(customers.month_end_balance, 0)
