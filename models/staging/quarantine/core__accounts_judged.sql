{{ judged_table(
    'core', 'accounts',
    codes=ref('canonical_codes'),
    impossible_dates=[
        {'column': 'closed_date', 'condition': 'closed_date < opened_date'},
        {'column': 'maturity_date', 'condition': 'maturity_date < opened_date'},
    ],
) }}
