-- The dimensions of a rule version in one row, and the weight of all indicators together.
select
    rule_version,
    {% for dimension in score_dimensions() -%}
    max(case when dimension = '{{ dimension }}' then weight end) as {{ dimension }}_weight,
    max(case when dimension = '{{ dimension }}' then min_observed_share end) as {{ dimension }}_min_share,
    {% endfor -%}
    sum(weight) as total_weight
from {{ ref('score_dimensions') }}
group by rule_version
