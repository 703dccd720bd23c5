{{ judged_table(
    'crm', 'interactions',
    codes=ref('canonical_codes'),
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
