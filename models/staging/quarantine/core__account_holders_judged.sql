{% set rank = {
    'expression': "case role when 'owner' then 1 when 'joint' then 2 else 3 end",
    'reason': 'lesser_role',
} %}

with {{ judged_rows('core', 'account_holders', codes=ref('canonical_codes'), rank=rank) }},

accounts as (
    {{ parents(ref('core__accounts_judged'), 'account_id') }}
),

customers as (
    {{ parents(ref('core__customers_judged'), 'customer_id') }}
),

judged as (
    select
        deduplicated.*,
        coalesce(
            deduplicated.row_rejection,
            {{ orphan('accounts', 'account_id', 'core', 'accounts') }},
            {{ orphan('customers', 'customer_id', 'core', 'customers') }}
        ) as rejection
    from deduplicated
    left join accounts on deduplicated.account_id = accounts.account_id
    left join customers on deduplicated.customer_id = customers.customer_id
)

{{ judged_result('judged', 'core', 'account_holders') }}
