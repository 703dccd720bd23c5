-- The bands of every indicator by its number, which joins faster than version, type and code.
select
    rules.indicator_number,
    bands.min_value,
    bands.below_value,
    bands.value_at_min,
    bands.value_at_below
from {{ ref('int_score_rules') }} as rules
inner join {{ ref('score_bands') }} as bands
    on rules.rule_version = bands.rule_version and rules.indicator_code = bands.indicator_code
