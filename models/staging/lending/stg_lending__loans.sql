select
    members.customer_sk,
    {{ keyed_hash('loans.loan_id') }} as loan_key,
    loans.product_code,
    loans.currency_code,
    loans.disbursed_date,
    loans.maturity_date,
    loans.principal as principal_amount,
    loans.interest_rate
from {{ ref('lending__loans_judged') }} as loans
inner join {{ ref('party_members') }} as members on loans.customer_id = members.customer_id
where loans.rejection is null
