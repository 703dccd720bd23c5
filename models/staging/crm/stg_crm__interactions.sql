select
    members.customer_sk,
    {{ keyed_hash('interactions.interaction_id') }} as interaction_key,
    interactions.occurred_at,
    interactions.interaction_type as interaction_type_code,
    interactions.product_code,
    interactions.campaign_id,
    interactions.is_holdout,
    interactions.outcome_code
from {{ ref('crm__interactions_judged') }} as interactions
inner join {{ ref('party_members') }} as members on interactions.customer_id = members.customer_id
where interactions.rejection is null
