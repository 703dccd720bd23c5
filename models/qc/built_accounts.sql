-- depends_on: {{ ref('built_months') }}
-- The accounts by which the last complete build judged its transactions. Written last, as built_months.
select account_sk
from {{ ref('stg_core__accounts') }}
