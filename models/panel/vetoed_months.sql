-- The months with a veto on their month-end: payments too long overdue, or a loan that isn't performing.
select
    loans.customer_sk,
    loans.as_of_date,
    months.month_number,
    lead(months.month_number) over (partition by loans.customer_sk order by months.month_number) as next_month_number
from {{ ref('loan_months') }} as loans
inner join {{ ref('ledger_months') }} as months on loans.as_of_date = months.as_of_date
where
    loans.days_past_due > {{ rule_parameter('veto_days_past_due') }}
    or loans.worst_five_class >= {{ rule_parameter('veto_five_class') }}
