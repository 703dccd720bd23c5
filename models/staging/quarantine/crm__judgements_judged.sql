{{ judged_table(
    'crm', 'judgements',
    codes=ref('canonical_codes'),
    impossible_dates=[
        {'column': 'valid_to', 'condition': 'valid_to < valid_from'},
    ],
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
    without=['judged_by'],
) }}
