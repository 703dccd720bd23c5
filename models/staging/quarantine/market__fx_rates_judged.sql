{{ judged_table(
    'market', 'fx_rates',
) }}
