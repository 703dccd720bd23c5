-- Every customer record that was merged into another, with both keys and the evidence.
select
    customer_key,
    member_key as merged_customer_key,
    'same_identity_document' as evidence_code
from {{ ref('party_members') }}
where customer_id <> surviving_customer_id
