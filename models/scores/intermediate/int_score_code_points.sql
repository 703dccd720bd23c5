-- The points of every code of the indicators that look at a code, by the indicator's number.
select
    rules.indicator_number,
    points.code,
    points.normalised_value
from {{ ref('int_score_rules') }} as rules
inner join {{ ref('score_code_points') }} as points
    on rules.rule_version = points.rule_version and rules.indicator_code = points.indicator_code
