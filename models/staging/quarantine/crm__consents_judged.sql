{{ judged_table(
    'crm', 'consents',
    codes=ref('canonical_codes'),
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
