{{ judged_table(
    'wealth', 'risk_assessments',
    codes=ref('canonical_codes'),
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
