with {{ judged_rows('market', 'interest_rates', codes=ref('canonical_codes')) }},

judged as (
    select
        *,
        row_rejection as rejection
    from deduplicated
)

{{ judged_result('judged', 'market', 'interest_rates') }}
