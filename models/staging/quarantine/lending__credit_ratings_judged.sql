{{ judged_table(
    'lending', 'credit_ratings',
    codes=ref('canonical_codes'),
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
