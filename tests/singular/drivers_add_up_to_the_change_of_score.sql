with summed as (
    select
        customer_key,
        as_of_date,
        sum(points_change) as points_change
    from {{ ref('customer_class_change_drivers') }}
    where {{ is_customer_tested('customer_key', 'customer_key', 'as_of_date') }}
    group by customer_key, as_of_date
)

select
    changes.customer_key,
    changes.as_of_date,
    changes.composite_change,
    summed.points_change
from {{ ref('customer_class_changes') }} as changes
left join summed on changes.customer_key = summed.customer_key and changes.as_of_date = summed.as_of_date
where
    {{ is_customer_tested('customer_key', 'changes.customer_key', 'changes.as_of_date') }}
    and (
        (changes.composite_change is null) <> (summed.points_change is null)
        or abs(changes.composite_change - summed.points_change) > 1e-9
    )
