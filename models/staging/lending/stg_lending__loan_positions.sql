-- a loan's number is hashed once for all of its positions
with loans as (
    select
        loan_id,
        {{ keyed_hash('loan_id') }} as loan_key
    from {{ ref('lending__loans_judged') }}
    where rejection is null
)

select
    loans.loan_key,
    positions.position_date,
    positions.outstanding_amount,
    positions.days_past_due,
    positions.five_class_code
from {{ ref('lending__loan_positions_judged') }} as positions
inner join loans on positions.loan_id = loans.loan_id
where positions.rejection is null
