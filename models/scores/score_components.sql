{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'newest_months': 'component_months_published'}
) }}

-- Every indicator of the newest months: what was seen, what it is worth, and its part in the composite score.
with weighted as (
    select
        indicators.*,
        rules.indicator_code,
        rules.indicator_rank,
        {{ effective_weight('indicators', 'indicators.dimension', 'indicators.weight') }} as effective_weight
    from {{ ref('int_indicators_newest') }} as indicators
    inner join {{ ref('int_score_rules') }} as rules on indicators.indicator_number = rules.indicator_number
)

select
    customer_sk,
    as_of_date,
    indicator_number,
    indicator_code,
    indicator_rank,
    dimension,
    raw_value,
    raw_code,
    cast(deduction as {{ type_double() }}) as deduction,
    cast(normalised_value as {{ type_double() }}) as normalised_value,
    cast(weight as {{ type_double() }}) as weight,
    cast(weight * normalised_value as {{ type_double() }}) / 100 as points,
    case when status_code = 'observed' then effective_weight end as effective_weight,
    cast(normalised_value as {{ type_double() }}) * effective_weight as effective_points,
    status_code
from weighted
