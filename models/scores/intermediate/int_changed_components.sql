-- The indicators that count in the composite score of the customers and months of int_changed_months.
with weighted as (
    select
        indicators.customer_sk,
        indicators.as_of_date,
        rules.indicator_code,
        rules.indicator_rank,
        indicators.dimension,
        cast(indicators.normalised_value as {{ type_double() }}) as normalised_value,
        {{ effective_weight('indicators', 'indicators.dimension', 'indicators.weight') }} as effective_weight
    from {{ ref('int_indicators_changed') }} as indicators
    inner join {{ ref('int_score_rules') }} as rules on indicators.indicator_number = rules.indicator_number
    where indicators.status_code = 'observed'
)

select * from weighted
where effective_weight is not null
