{{ judged_table(
    'wealth', 'positions',
    codes=ref('canonical_codes'),
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
