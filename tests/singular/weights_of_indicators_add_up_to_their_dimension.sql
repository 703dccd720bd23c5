{{ config(group='scores') }}

with types as (
    select distinct
        rule_version,
        customer_type
    from {{ ref('int_score_rules') }}
),

weighed as (
    select
        rule_version,
        customer_type,
        dimension,
        sum(weight) as indicator_weight
    from {{ ref('int_score_rules') }}
    group by rule_version, customer_type, dimension
),

wanted as (
    select
        dimensions.rule_version,
        types.customer_type,
        dimensions.dimension,
        dimensions.weight as dimension_weight
    from {{ ref('score_dimensions') }} as dimensions
    inner join types on dimensions.rule_version = types.rule_version
)

select
    coalesce(wanted.rule_version, weighed.rule_version) as rule_version,
    coalesce(wanted.customer_type, weighed.customer_type) as customer_type,
    coalesce(wanted.dimension, weighed.dimension) as dimension,
    wanted.dimension_weight,
    weighed.indicator_weight
from wanted
full outer join weighed
    on
        wanted.rule_version = weighed.rule_version
        and wanted.customer_type = weighed.customer_type
        and wanted.dimension = weighed.dimension
where coalesce(wanted.dimension_weight, 0) <> coalesce(weighed.indicator_weight, 0)
