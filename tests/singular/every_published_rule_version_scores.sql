{%- set seeds = ['class_rules', 'confidence_grades', 'score_bands', 'score_formulas', 'score_indicators'] %}

with wanted as (
    {%- for seed in seeds %}
    select
        rule_version,
        '{{ seed }}' as seed_name
    from {{ ref('rule_versions') }}
    where status_code = 'published'
    union all
    {%- endfor %}
    {%- for dimension in score_dimensions() %}
    select
        rule_version,
        '{{ dimension }} in score_dimensions' as seed_name
    from {{ ref('rule_versions') }}
    where status_code = 'published'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

found as (
    {%- for seed in seeds %}
    select
        rule_version,
        '{{ seed }}' as seed_name
    from {{ ref(seed) }}
    union all
    {%- endfor %}
    select
        rule_version,
        dimension || ' in score_dimensions' as seed_name
    from {{ ref('score_dimensions') }}
)

select wanted.*
from wanted
left join found on wanted.rule_version = found.rule_version and wanted.seed_name = found.seed_name
where found.rule_version is null
