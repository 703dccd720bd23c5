-- The months that the marts publish: the newest ones, as many as asked for.
with newest as (
    select max(month_number) as month_number
    from {{ ref('ledger_months') }}
)

select months.*
from {{ ref('ledger_months') }} as months
cross join newest
where months.month_number > newest.month_number - {{ var('history_months') }}
