-- The complaints of a customer in the months up to a month-end, and how many of them are resolved. A view, read once.
with complaints as (
    select
        customer_sk,
        {{ month_number('occurred_at') }} as month_number,
        case when outcome_code = 'resolved' then 1 else 0 end as resolved_count
    from {{ ref('stg_crm__interactions') }}
    where interaction_type_code = 'complaint'
)

select
    complaints.customer_sk,
    months.as_of_date,
    count(*) as complaint_count,
    sum(complaints.resolved_count) as resolved_count
from complaints
inner join {{ ref('ledger_months') }} as months
    on
        complaints.month_number <= months.month_number
        and complaints.month_number > months.month_number - {{ rule_parameter('complaint_months') }}
where {{ is_month_rebuilt('months.month_number') }}
group by complaints.customer_sk, months.as_of_date
