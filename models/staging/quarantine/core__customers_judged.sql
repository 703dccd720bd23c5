-- A birth date after the relation began, or after the record was written, is a typo.
{{ judged_table(
    'core', 'customers',
    codes=ref('canonical_codes'),
    impossible_dates=[
        {'column': 'birth_date', 'condition': 'birth_date > customer_since_date or birth_date > cast(updated_at as date)'},
    ],
    without=['full_name', 'phone', 'email'],
) }}
