with joined as (
    select
        bands.*,
        indicators.direction,
        lag(bands.value_at_below) over (
            partition by bands.rule_version, bands.indicator_code order by bands.min_value
        ) as previous_value_at_below
    from {{ ref('score_bands') }} as bands
    inner join {{ ref('score_indicators') }} as indicators
        on bands.rule_version = indicators.rule_version and bands.indicator_code = indicators.indicator_code
)

select *
from joined
where
    (direction = 'up' and value_at_below < value_at_min)
    or (direction = 'down' and value_at_below > value_at_min)
    or (direction = 'up' and value_at_min < previous_value_at_below)
    or (direction = 'down' and value_at_min > previous_value_at_below)
