with seeds as (
    select rule_version, 'class_rules' as seed_name, count(*) as row_count
    from {{ ref('class_rules') }}
    group by rule_version
    union all
    select rule_version, 'score_formulas' as seed_name, count(*) as row_count
    from {{ ref('score_formulas') }}
    group by rule_version
    union all
    select rule_version, 'score_indicators' as seed_name, count(*) as row_count
    from {{ ref('score_indicators') }}
    group by rule_version
    union all
    select rule_version, 'confidence_grades' as seed_name, count(*) as row_count
    from {{ ref('confidence_grades') }}
    group by rule_version
    {%- for dimension in score_dimensions() %}
    union all
    select rule_version, '{{ dimension }} in score_dimensions' as seed_name, count(*) as row_count
    from {{ ref('score_dimensions') }}
    where dimension = '{{ dimension }}'
    group by rule_version
    {%- endfor %}
),

wanted as (
    select distinct
        versions.rule_version,
        seeds.seed_name
    from {{ ref('rule_versions') }} as versions
    cross join seeds
    where versions.status_code = 'published'
)

select wanted.*
from wanted
left join seeds on wanted.rule_version = seeds.rule_version and wanted.seed_name = seeds.seed_name
where seeds.row_count is null
