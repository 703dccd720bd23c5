select
    members.customer_sk,
    risk_assessments.assessed_at,
    risk_assessments.risk_level as risk_level_code,
    risk_assessments.tolerance_score,
    risk_assessments.awareness_score
from {{ ref('wealth__risk_assessments_judged') }} as risk_assessments
inner join {{ ref('party_members') }} as members on risk_assessments.customer_id = members.customer_id
where risk_assessments.rejection is null
