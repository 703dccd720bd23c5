{{ config(materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail') }}

with named as (
    select
        versions.as_of_date,
        indicators.indicator_code,
        indicators.label,
        indicators.label_zh
    from {{ ref('score_indicators') }} as indicators
    inner join {{ ref('month_rule_versions') }} as versions on indicators.rule_version = versions.rule_version
    union all
    select
        versions.as_of_date,
        texts.text_code as indicator_code,
        texts.label,
        texts.label_zh
    from {{ ref('score_texts') }} as texts
    cross join {{ ref('month_rule_versions') }} as versions
    where texts.text_code = 'coverage'
)

select
    parties.customer_key,
    drivers.as_of_date,
    drivers.indicator_code,
    named.label as indicator_label,
    named.label_zh as indicator_label_zh,
    drivers.dimension,
    drivers.previous_normalised_value,
    drivers.normalised_value,
    drivers.points_change,
    drivers.driver_rank
from {{ ref('class_change_drivers') }} as drivers
inner join {{ ref('months_to_publish') }} as months on drivers.as_of_date = months.as_of_date
inner join {{ ref('stg_core__parties') }} as parties on drivers.customer_sk = parties.customer_sk
inner join named on drivers.as_of_date = named.as_of_date and drivers.indicator_code = named.indicator_code
where {{ is_customer_rebuilt('drivers.customer_sk', 'months.month_number') }}
