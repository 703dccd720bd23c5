-- The indicator registry of every rule version, as it applies to each type of customer.
with types as (
    select code as customer_type
    from {{ ref('other_codes') }}
    where list = 'customer_type'
)

select
    cast(
        row_number() over (
            order by
                {{ by_bytes('indicators.rule_version') }},
                {{ by_bytes('types.customer_type') }},
                indicators.indicator_rank,
                {{ by_bytes('indicators.indicator_code') }}
        ) as integer
    ) as indicator_number,
    indicators.rule_version,
    types.customer_type,
    indicators.indicator_code,
    indicators.indicator_rank,
    indicators.dimension,
    indicators.feature,
    indicators.weight,
    indicators.missing_policy = 'not_applicable_without_credit' as is_bound_to_credit,
    indicators.deduction_code,
    indicators.direction,
    indicators.is_advisable
from {{ ref('score_indicators') }} as indicators
inner join types on indicators.customer_type in (types.customer_type, 'all')
