-- The customers and months whose indicators explain a change of the months to build: the month, and the one before.
select customer_sk, as_of_date
from {{ ref('class_changes') }}
where month_number >= {{ first_rebuilt_month() }}
union
select customer_sk, previous_as_of_date as as_of_date
from {{ ref('class_changes') }}
where month_number >= {{ first_rebuilt_month() }}
