-- The published months that this build makes: older ones stay in the marts as they are.
select *
from {{ ref('published_months') }}
where {{ is_month_rebuilt('month_number') }}
