-- The months that the marts publish: the newest ones, as many as asked for.
select months.*
from {{ ref('ledger_months') }} as months
where months.month_number > (
    select max(ledger_months.month_number) - {{ var('history_months') }} from {{ ref('ledger_months') }} as ledger_months
)
