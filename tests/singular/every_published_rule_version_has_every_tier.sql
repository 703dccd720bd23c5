{{ config(group='segments') }}

with wanted as (
    select
        versions.rule_version,
        types.code as customer_type,
        tiers.code as tier_code
    from {{ ref('rule_versions') }} as versions
    cross join {{ ref('other_codes') }} as types
    cross join {{ ref('classification_codes') }} as tiers
    where
        versions.status_code = 'published'
        and types.list = 'customer_type'
        and tiers.dimension = 'value_tier'
        and tiers.rank > 1
)

select wanted.*
from wanted
left join {{ ref('int_value_tier_thresholds') }} as thresholds
    on
        wanted.rule_version = thresholds.rule_version
        and wanted.customer_type = thresholds.customer_type
        and wanted.tier_code = thresholds.tier_code
where thresholds.rule_version is null
