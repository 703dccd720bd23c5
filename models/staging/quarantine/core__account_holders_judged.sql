{{ judged_table(
    'core', 'account_holders',
    codes=ref('canonical_codes'),
    rank={
        'expression': "case role when 'owner' then 1 when 'joint' then 2 else 3 end",
        'reason': 'lesser_role',
    },
    references=[
        {'column': 'account_id', 'source': 'core', 'table': 'accounts'},
        {'column': 'customer_id', 'source': 'core', 'table': 'customers'},
    ],
) }}
