{{ judged_table(
    'lending', 'loan_positions',
    codes=ref('canonical_codes'),
    references=[
        {'column': 'loan_id', 'source': 'lending', 'table': 'loans'},
    ],
) }}
