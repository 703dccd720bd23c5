{{ judged_table(
    'lending', 'loans',
    codes=ref('canonical_codes'),
    impossible_dates=[
        {'column': 'maturity_date', 'condition': 'maturity_date < disbursed_date'},
    ],
    references=[
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
