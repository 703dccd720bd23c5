select
    currency_code,
    rate_date,
    rate_to_base
from {{ ref('market__fx_rates_judged') }}
where rejection is null
