with {{ judged_rows('wealth', 'positions', codes=ref('canonical_codes')) }},

customers as (
    {{ parents(ref('core__customers_judged'), 'customer_id') }}
),

judged as (
    select
        deduplicated.*,
        coalesce(
            deduplicated.row_rejection,
            {{ orphan('customers', 'customer_id', 'core', 'customers') }}
        ) as rejection
    from deduplicated
    left join customers on deduplicated.customer_id = customers.customer_id
)

{{ judged_result('judged', 'wealth', 'positions') }}
