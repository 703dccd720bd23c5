{%- set levels = ['public', 'internal', 'confidential', 'restricted'] %}

with levels as (
    {%- for level in levels %}
    {{ 'union all' if not loop.first }}
    select '{{ level }}' as level, {{ loop.index }} as rank
    {%- endfor %}
)

select tags.rule_version, tags.tag_code, tags.sensitivity_level, features.sensitivity_level as feature_level
from {{ ref('tags') }} as tags
inner join {{ ref('feature_catalogue') }} as features on tags.feature = features.feature
inner join levels as tag_levels on tags.sensitivity_level = tag_levels.level
inner join levels as feature_levels on features.sensitivity_level = feature_levels.level
where tag_levels.rank < feature_levels.rank
