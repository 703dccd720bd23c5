-- The loans of a customer as last known on each month-end.
with positions as (
    select
        loans.customer_sk,
        loan_positions.*,
        lead(loan_positions.position_date) over (
            partition by loan_positions.loan_key
            order by loan_positions.position_date
        ) as next_position_date
    from {{ ref('stg_lending__loan_positions') }} as loan_positions
    inner join {{ ref('stg_lending__loans') }} as loans on loan_positions.loan_key = loans.loan_key
)

select
    positions.customer_sk,
    months.as_of_date,
    max(positions.days_past_due) as days_past_due,
    max(cast(positions.five_class_code as integer)) as worst_five_class
from positions
inner join {{ ref('ledger_months') }} as months
    on
        positions.position_date <= months.as_of_date
        and (positions.next_position_date > months.as_of_date or positions.next_position_date is null)
        and {{ days_between('positions.position_date', 'months.as_of_date') }}
        < {{ rule_parameter('loan_position_validity_days') }}
group by positions.customer_sk, months.as_of_date
