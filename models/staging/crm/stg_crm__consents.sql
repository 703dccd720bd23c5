select
    members.customer_sk,
    consents.consent_code,
    consents.effective_at,
    consents.is_granted
from {{ ref('crm__consents_judged') }} as consents
inner join {{ ref('party_members') }} as members on consents.customer_id = members.customer_id
where consents.rejection is null
