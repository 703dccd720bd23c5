{%- set dimensions = score_dimensions() %}
{%- set means = {} %}
{%- for name in dimensions %}{% do means.update({'stressed_' ~ name ~ '_mean': name ~ '_weight'}) %}{% endfor %}

-- The newest month scored again, once for each indicator whose weight is moved by itself. Everything else stays: the
-- weight of its dimension, what was observed. A customer's own scores and class are put together before, so that each
-- of its indicators looks them up once.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('customer_scores') }}
),

-- exact again, so that the sums don't depend on their order
components as (
    select
        components.customer_sk,
        components.as_of_date,
        components.indicator_code,
        components.dimension,
        components.status_code,
        cast(components.weight as decimal(9, 3)) as weight,
        cast(components.normalised_value as decimal(12, 9)) as normalised_value
    from {{ ref('score_components') }} as components
    inner join newest on components.as_of_date = newest.as_of_date
),

summed as (
    select
        customer_sk,
        as_of_date,
        {{ dimension_sums() }}
    from components
    group by customer_sk, as_of_date
),

rules as (
    select
        rule_version,
        {{ dimension_rules() }}
    from {{ ref('score_dimensions') }}
    group by rule_version
),

as_scored as (
    select
        summed.customer_sk,
        summed.as_of_date,
        rules.rule_version,
        {%- for name in dimensions %}
        cast(summed.{{ name }}_points as {{ type_double() }}) as {{ name }}_points,
        cast(summed.{{ name }}_observed as decimal(9, 3)) as {{ name }}_observed,
        cast(summed.{{ name }}_not_applicable as decimal(9, 3)) as {{ name }}_not_applicable,
        rules.{{ name }}_weight,
        rules.{{ name }}_min_share,
        {{ dimension_mean(name, 'summed', 'rules') }} as {{ name }}_mean,
        {{ published_ratio(dimension_mean(name, 'summed', 'rules')) }} as {{ name }}_score,
        {%- endfor %}
        classes.earned_customer_class_code,
        vetoes.customer_sk is not null as is_vetoed
    from summed
    inner join {{ ref('month_rule_versions') }} as months on summed.as_of_date = months.as_of_date
    inner join rules on months.rule_version = rules.rule_version
    inner join {{ ref('customer_classes') }} as classes
        on summed.customer_sk = classes.customer_sk and summed.as_of_date = classes.as_of_date
    left join {{ ref('vetoed_months') }} as vetoes
        on summed.customer_sk = vetoes.customer_sk and summed.as_of_date = vetoes.as_of_date
),

-- each indicator beside what its dimension is made of
indicators as (
    select
        as_scored.*,
        {%- for column in ['weight', 'min_share', 'points', 'observed', 'not_applicable'] %}
        case components.dimension
            {%- for name in dimensions %}
            when '{{ name }}' then as_scored.{{ name }}_{{ column }}
            {%- endfor %}
        end as dimension_{{ column }},
        {%- endfor %}
        components.indicator_code,
        components.dimension,
        components.status_code,
        components.weight,
        components.normalised_value
    from components
    inner join as_scored on components.customer_sk = as_scored.customer_sk
),

-- One weight is moved, and with it that of its dimension and what was seen there. The exact sum of points is a double
-- from here on: to read 38 digits for each moved weight would cost more than all the rest.
moved as (
    select
        indicators.*,
        stresses.metric_code,
        indicators.dimension_weight + (stresses.weight_factor - 1) * indicators.weight as moved_weight,
        indicators.dimension_min_share as moved_min_share,
        indicators.dimension_points
        + cast(stresses.weight_factor - 1 as {{ type_double() }})
        * case
            when indicators.status_code = 'observed'
                then cast(indicators.weight * indicators.normalised_value as {{ type_double() }})
            else 0
        end as moved_points,
        indicators.dimension_observed
        + (stresses.weight_factor - 1) * case when indicators.status_code = 'observed' then indicators.weight else 0 end
            as moved_observed,
        indicators.dimension_not_applicable
        + (stresses.weight_factor - 1)
        * case when indicators.status_code = 'not_applicable' then indicators.weight else 0 end
            as moved_not_applicable
    from indicators
    cross join {{ ref('weight_stresses') }} as stresses
),

scored as (
    select
        moved.*,
        {{ dimension_mean('moved', 'moved', 'moved') }} as moved_mean
    from moved
),

-- the other dimensions stay, and so do the weights of all in the composite score
stressed as (
    select
        scored.*,
        {%- for name in dimensions %}
        case when scored.dimension = '{{ name }}' then scored.moved_mean else scored.{{ name }}_mean end
            as stressed_{{ name }}_mean,
        {%- endfor %}
        {{ published_ratio('scored.moved_mean') }} as moved_score
    from scored
)

select
    customer_sk,
    as_of_date,
    rule_version,
    indicator_code,
    metric_code,
    is_vetoed,
    earned_customer_class_code,
    {%- for name in dimensions %}
    case when dimension = '{{ name }}' then moved_score else {{ name }}_score end as {{ name }}_score,
    {%- endfor %}
    {{ published_ratio(known_mean(means)) }} as composite_score
from stressed
