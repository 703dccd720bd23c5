{%- set dimensions = score_dimensions() %}
{%- set means = {} %}
{%- for name in dimensions %}{% do means.update({name ~ '_mean': name ~ '_composite_weight'}) %}{% endfor %}

-- The newest month scored again, once for each indicator whose weight is moved by itself. Everything else stays: the
-- weight of its dimension, what was observed.
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

-- what each dimension of a customer is made of
dimensions as (
    select
        components.customer_sk,
        components.as_of_date,
        components.dimension,
        rules.rule_version,
        rules.weight as dimension_weight,
        rules.min_observed_share as dimension_min_share,
        coalesce(sum(components.weight * components.normalised_value), 0) as dimension_points,
        sum(case when components.status_code = 'observed' then components.weight else 0 end) as dimension_observed,
        sum(case when components.status_code = 'not_applicable' then components.weight else 0 end)
            as dimension_not_applicable
    from components
    inner join {{ ref('month_rule_versions') }} as months on components.as_of_date = months.as_of_date
    inner join {{ ref('score_dimensions') }} as rules
        on months.rule_version = rules.rule_version and components.dimension = rules.dimension
    group by
        components.customer_sk, components.as_of_date, components.dimension, rules.rule_version, rules.weight,
        rules.min_observed_share
),

dimension_means as (
    select
        dimensions.customer_sk,
        dimensions.dimension,
        dimensions.dimension_weight,
        {{ dimension_mean('dimension', 'dimensions', 'dimensions') }} as dimension_mean
    from dimensions
),

as_scored as (
    select
        {%- for name in dimensions %}
        max(case when dimension = '{{ name }}' then dimension_mean end) as {{ name }}_mean,
        max(case when dimension = '{{ name }}' then dimension_weight end) as {{ name }}_composite_weight,
        {%- endfor %}
        customer_sk
    from dimension_means
    group by customer_sk
),

-- one weight is moved, and with it that of its dimension and what was seen there
moved as (
    select
        dimensions.customer_sk,
        dimensions.as_of_date,
        dimensions.rule_version,
        dimensions.dimension,
        dimensions.dimension_min_share,
        components.indicator_code,
        stresses.metric_code,
        dimensions.dimension_weight + (stresses.weight_factor - 1) * components.weight as dimension_weight,
        dimensions.dimension_points
        + (stresses.weight_factor - 1)
        * case when components.status_code = 'observed' then components.weight * components.normalised_value else 0 end
            as dimension_points,
        dimensions.dimension_observed
        + (stresses.weight_factor - 1) * case when components.status_code = 'observed' then components.weight else 0 end
            as dimension_observed,
        dimensions.dimension_not_applicable
        + (stresses.weight_factor - 1)
        * case when components.status_code = 'not_applicable' then components.weight else 0 end
            as dimension_not_applicable
    from components
    inner join dimensions
        on components.customer_sk = dimensions.customer_sk and components.dimension = dimensions.dimension
    cross join {{ ref('weight_stresses') }} as stresses
),

moved_means as (
    select
        moved.customer_sk,
        moved.as_of_date,
        moved.rule_version,
        moved.dimension,
        moved.indicator_code,
        moved.metric_code,
        {{ dimension_mean('dimension', 'moved', 'moved') }} as dimension_mean
    from moved
),

-- the other dimensions stay, and so do the weights of all in the composite score
stressed as (
    select
        {%- for name in dimensions %}
        case
            when moved_means.dimension = '{{ name }}' then moved_means.dimension_mean
            else as_scored.{{ name }}_mean
        end as {{ name }}_mean,
        as_scored.{{ name }}_composite_weight,
        {%- endfor %}
        moved_means.customer_sk,
        moved_means.as_of_date,
        moved_means.rule_version,
        moved_means.indicator_code,
        moved_means.metric_code
    from moved_means
    inner join as_scored on moved_means.customer_sk = as_scored.customer_sk
)

select
    customer_sk,
    as_of_date,
    rule_version,
    indicator_code,
    metric_code,
    {%- for name in dimensions %}
    {{ published_ratio(name ~ '_mean') }} as {{ name }}_score,
    {%- endfor %}
    {{ published_ratio(known_mean(means)) }} as composite_score
from stressed
