{% set impossible_dates = [
    {'column': 'maturity_date', 'condition': 'maturity_date < disbursed_date'},
] %}

with {{ judged_rows('lending', 'loans', codes=ref('canonical_codes'), impossible_dates=impossible_dates) }},

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

{{ judged_result('judged', 'lending', 'loans') }}
