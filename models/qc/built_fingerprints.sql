-- The fingerprints of the accounts and customers that the last complete build made months of. Beside each the sum of
-- those months' own, which says that these notes and built_months are of the same build. Written last, as built_months.
with months as (
    select {{ summed_fingerprints('fingerprint') }} as months_fingerprint
    from {{ ref('built_months') }}
)

select
    subjects.account_sk,
    subjects.customer_sk,
    subjects.customer_key,
    subjects.fingerprint,
    months.months_fingerprint
from {{ ref('subject_fingerprints') }} as subjects
cross join months
