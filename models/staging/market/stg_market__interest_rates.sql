select
    curve_code,
    tenor_months,
    rate_date,
    annual_rate
from {{ ref('market__interest_rates_judged') }}
where rejection is null
