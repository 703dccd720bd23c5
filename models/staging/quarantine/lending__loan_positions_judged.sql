with {{ judged_rows('lending', 'loan_positions', codes=ref('canonical_codes')) }},

loans as (
    {{ parents(ref('lending__loans_judged'), 'loan_id') }}
),

judged as (
    select
        deduplicated.*,
        coalesce(
            deduplicated.row_rejection,
            {{ orphan('loans', 'loan_id', 'lending', 'loans') }}
        ) as rejection
    from deduplicated
    left join loans on deduplicated.loan_id = loans.loan_id
)

{{ judged_result('judged', 'lending', 'loan_positions') }}
