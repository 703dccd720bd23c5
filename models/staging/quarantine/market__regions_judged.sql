{{ judged_table(
    'market', 'regions',
) }}
