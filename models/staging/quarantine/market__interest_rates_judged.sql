{{ judged_table(
    'market', 'interest_rates',
    codes=ref('canonical_codes'),
) }}
