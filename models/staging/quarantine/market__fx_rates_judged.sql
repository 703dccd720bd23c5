with {{ judged_rows('market', 'fx_rates') }},

judged as (
    select
        *,
        row_rejection as rejection
    from deduplicated
)

{{ judged_result('judged', 'market', 'fx_rates') }}
