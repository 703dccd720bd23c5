with {{ judged_rows('market', 'regions') }},

judged as (
    select
        *,
        row_rejection as rejection
    from deduplicated
)

{{ judged_result('judged', 'market', 'regions') }}
