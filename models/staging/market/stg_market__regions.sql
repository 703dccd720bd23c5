select
    region_code,
    period_end_date,
    gdp_per_capita as gdp_per_capita_amount,
    average_wage as average_wage_amount,
    unemployment_rate,
    consumption_per_capita as consumption_per_capita_amount,
    region_name,
    region_name_zh
from {{ ref('market__regions_judged') }}
where rejection is null
