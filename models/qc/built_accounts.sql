-- depends_on: {{ ref('built_months') }}
-- The accounts by which the last complete build judged its transactions, and the days between which these may lie.
-- Written last, as built_months.
select
    account_sk,
    opened_date,
    closed_date
from {{ ref('stg_core__accounts') }}
