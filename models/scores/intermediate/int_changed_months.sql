-- The customers and months whose indicators explain a change of the months to build: the month, and the one before.
select customer_sk, as_of_date
from {{ ref('class_changes') }}
where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
union
select customer_sk, previous_as_of_date as as_of_date
from {{ ref('class_changes') }}
where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
