-- The expert judgement that overrides a computed code on each month-end: approved, in force, the newest first.
with ranked as (
    select
        judgements.customer_sk,
        months.as_of_date,
        judgements.dimension,
        codes.code as judged_code,
        row_number() over (
            partition by judgements.customer_sk, months.as_of_date, judgements.dimension
            order by
                judgements.valid_from desc,
                judgements.reason_rank asc,
                codes.code asc
        ) as judgement_rank
    from {{ ref('stg_crm__judgements') }} as judgements
    inner join {{ ref('ledger_months') }} as months
        on
            judgements.valid_from <= months.as_of_date
            and {{ date_or_never('judgements.valid_to') }} >= months.as_of_date
    inner join {{ ref('classification_codes') }} as codes
        on judgements.dimension = codes.dimension and lower(judgements.value_code) = codes.code
    where judgements.is_approved
)

select
    customer_sk,
    as_of_date,
    dimension,
    judged_code
from ranked
where judgement_rank = 1
