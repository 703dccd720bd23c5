{{ config(
    materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail',
    meta={'newest_months': 'component_months_published'}
) }}

select
    parties.customer_key,
    components.as_of_date,
    components.indicator_code,
    indicators.label as indicator_label,
    indicators.label_zh as indicator_label_zh,
    components.dimension,
    components.raw_value,
    components.raw_code,
    components.deduction,
    components.normalised_value,
    components.weight,
    components.points,
    components.effective_points,
    components.status_code
from {{ ref('score_components') }} as components
inner join {{ ref('stg_core__parties') }} as parties on components.customer_sk = parties.customer_sk
inner join {{ ref('month_rule_versions') }} as months on components.as_of_date = months.as_of_date
inner join {{ ref('score_indicators') }} as indicators
    on months.rule_version = indicators.rule_version and components.indicator_code = indicators.indicator_code
where {{ is_customer_rebuilt('components.customer_sk', 'months.month_number') }}
