-- A birth date after the relation began, or after the record was written, is a typo.
{% set impossible_dates = [
    {'column': 'birth_date', 'condition': 'birth_date > customer_since_date or birth_date > cast(updated_at as date)'},
] %}

with {{ judged_rows(
    'core', 'customers', codes=ref('canonical_codes'), impossible_dates=impossible_dates
) }},

judged as (
    select
        *,
        row_rejection as rejection
    from deduplicated
)

{{ judged_result('judged', 'core', 'customers', without=['full_name', 'phone', 'email']) }}
