-- depends_on: {{ ref('built_months') }}
-- The files of transactions that the last complete build has staged. Written last, as built_months.
select
    landed_file,
    signature
from {{ ref('stg_landing__transaction_files') }}
