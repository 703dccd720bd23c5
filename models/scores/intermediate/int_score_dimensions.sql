-- The dimensions of a rule version in one row, and the weight of all indicators together.
select
    rule_version,
    {{ dimension_rules() }},
    sum(weight) as total_weight
from {{ ref('score_dimensions') }}
group by rule_version
