-- Everything that is incremental asks for it.
select count(*) as row_count
from {{ ref('rebuild_window') }}
where account_sk is null and customer_sk is null
having count(*) <> 1
