{% set impossible_dates = [
    {'column': 'closed_date', 'condition': 'closed_date < opened_date'},
    {'column': 'maturity_date', 'condition': 'maturity_date < opened_date'},
] %}

with {{ judged_rows(
    'core', 'accounts', codes=ref('canonical_codes'), impossible_dates=impossible_dates
) }},

judged as (
    select
        *,
        row_rejection as rejection
    from deduplicated
)

{{ judged_result('judged', 'core', 'accounts') }}
