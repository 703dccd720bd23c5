{% set impossible_dates = [
    {'column': 'valid_to', 'condition': 'valid_to < valid_from'},
] %}

with {{ judged_rows('crm', 'judgements', codes=ref('canonical_codes'), impossible_dates=impossible_dates) }},

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

{{ judged_result('judged', 'crm', 'judgements', without=['judged_by']) }}
