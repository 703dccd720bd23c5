-- depends_on: {{ ref('built_months') }}
-- The fingerprints of the accounts and customers that the last complete build made months of. Written last, as
-- built_months.
select
    account_sk,
    customer_sk,
    customer_key,
    fingerprint
from {{ ref('subject_fingerprints') }}
