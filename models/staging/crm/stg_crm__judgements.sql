select
    members.customer_sk,
    judgements.dimension,
    judgements.value_code,
    -- the words themselves may name people: only their order leaves the quarantine
    dense_rank() over (
        partition by members.customer_sk, judgements.dimension, judgements.valid_from
        order by
            case when judgements.reason is null then 1 else 0 end,
            {{ by_bytes('judgements.reason') }}
    ) as reason_rank,
    judgements.approved_by is not null as is_approved,
    judgements.valid_from,
    judgements.valid_to
from {{ ref('crm__judgements_judged') }} as judgements
inner join {{ ref('party_members') }} as members on judgements.customer_id = members.customer_id
where judgements.rejection is null
