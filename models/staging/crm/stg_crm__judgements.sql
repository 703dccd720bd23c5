select
    members.customer_sk,
    judgements.dimension,
    judgements.value_code,
    judgements.reason,
    judgements.approved_by is not null as is_approved,
    judgements.valid_from,
    judgements.valid_to
from {{ ref('crm__judgements_judged') }} as judgements
inner join {{ ref('party_members') }} as members on judgements.customer_id = members.customer_id
where judgements.rejection is null
