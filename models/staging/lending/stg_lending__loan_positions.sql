select
    {{ keyed_hash('loan_id') }} as loan_key,
    position_date,
    outstanding_amount,
    days_past_due,
    five_class_code
from {{ ref('lending__loan_positions_judged') }}
where rejection is null
