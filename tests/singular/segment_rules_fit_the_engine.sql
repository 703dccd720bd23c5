-- What the engine would pass over in silence: a condition of a rule that isn't there, more conditions than it reads,
-- and a dormancy that ends before the time for which an awakening counts.
select
    conditions.rule_version,
    conditions.dimension,
    conditions.rule_code,
    'a condition of no rule' as finding
from {{ ref('segment_rule_conditions') }} as conditions
left join {{ ref('segment_rules') }} as rules
    on
        conditions.rule_version = rules.rule_version
        and conditions.dimension = rules.dimension
        and conditions.rule_code = rules.rule_code
where rules.rule_code is null

union all

select rule_version, dimension, rule_code, 'more conditions than a rule may have' as finding
from {{ ref('segment_rule_conditions') }}
group by rule_version, dimension, rule_code
having count(*) > {{ conditions_per_rule() }}

union all

select
    conditions.rule_version,
    conditions.dimension,
    conditions.rule_code,
    'an awakening counts for longer than a dormancy takes' as finding
from {{ ref('segment_rule_conditions') }} as conditions
inner join {{ ref('dormancy_packs') }} as packs on conditions.rule_version = packs.rule_version
where conditions.feature = 'days_since_reactivation' and conditions.below_value > packs.dormant_days
