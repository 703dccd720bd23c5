select balances.*
from {{ ref('ledger_balances') }} as balances
inner join {{ ref('published_months') }} as months on balances.as_of_date = months.as_of_date
