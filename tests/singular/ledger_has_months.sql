select month_count
from (select count(*) as month_count from {{ ref('ledger_months') }}) as counted
where month_count = 0
