{%- set dimensions = score_dimensions() %}
{%- set means = {} %}
{%- for name in dimensions %}{% do means.update({name ~ '_mean': name ~ '_composite_weight'}) %}{% endfor %}

-- How many customers' earned class hangs on the weight of a single indicator. Each is moved by itself, the newest month
-- is scored again, and everything else stays: the weight of its dimension, what was observed, the thresholds.
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

observed as (
    select
        {%- for name in dimensions %}
        coalesce(sum(case when dimension = '{{ name }}' then weight * normalised_value end), 0) as {{ name }}_points,
        sum(case when dimension = '{{ name }}' and status_code = 'observed' then weight else 0 end)
            as {{ name }}_observed,
        sum(case when dimension = '{{ name }}' and status_code = 'not_applicable' then weight else 0 end)
            as {{ name }}_not_applicable,
        {%- endfor %}
        customer_sk
    from components
    group by customer_sk
),

rules as (
    select
        class_rules.rule_version,
        max(class_rules.risk_below_risk_score) as risk_below_risk_score,
        max(class_rules.quality_min_composite_score) as quality_min_composite_score,
        max(class_rules.quality_min_risk_score) as quality_min_risk_score,
        {%- for name in dimensions %}
        max(case when dimensions.dimension = '{{ name }}' then dimensions.weight end) as {{ name }}_weight,
        max(case when dimensions.dimension = '{{ name }}' then dimensions.min_observed_share end)
            as {{ name }}_min_share,
        {%- endfor %}
        max(class_rules.potential_min_potential_score) as potential_min_potential_score
    from {{ ref('class_rules') }} as class_rules
    inner join {{ ref('score_dimensions') }} as dimensions on class_rules.rule_version = dimensions.rule_version
    group by class_rules.rule_version
),

-- by how much the weight moves, and what of it is seen in the customer's dimension
moved as (
    select
        components.*,
        stresses.metric_code,
        (stresses.weight_factor - 1) * components.weight as weight_change,
        (stresses.weight_factor - 1)
        * case when components.status_code = 'observed' then components.weight * components.normalised_value else 0 end
            as points_change,
        (stresses.weight_factor - 1) * case when components.status_code = 'observed' then components.weight else 0 end
            as observed_change,
        (stresses.weight_factor - 1)
        * case when components.status_code = 'not_applicable' then components.weight else 0 end
            as not_applicable_change
    from components
    cross join {{ ref('weight_stresses') }} as stresses
),

altered as (
    select
        {%- for name in dimensions %}
        {%- set is_moved = "case when moved.dimension = '" ~ name ~ "' then " %}
        observed.{{ name }}_points + {{ is_moved }} moved.points_change else 0 end
            as {{ name }}_points,
        observed.{{ name }}_observed + {{ is_moved }} moved.observed_change else 0 end
            as {{ name }}_observed,
        observed.{{ name }}_not_applicable + {{ is_moved }} moved.not_applicable_change else 0 end
            as {{ name }}_not_applicable,
        rules.{{ name }}_weight + {{ is_moved }} moved.weight_change else 0 end as {{ name }}_weight,
        rules.{{ name }}_min_share,
        -- the composite score keeps the weights of the dimensions
        rules.{{ name }}_weight as {{ name }}_composite_weight,
        {%- endfor %}
        rules.rule_version,
        rules.risk_below_risk_score,
        rules.quality_min_composite_score,
        rules.quality_min_risk_score,
        rules.potential_min_potential_score,
        moved.customer_sk,
        moved.as_of_date,
        moved.indicator_code,
        moved.metric_code
    from moved
    inner join observed on moved.customer_sk = observed.customer_sk
    inner join {{ ref('month_rule_versions') }} as months on moved.as_of_date = months.as_of_date
    inner join rules on months.rule_version = rules.rule_version
),

stressed as (
    select
        {%- for name in dimensions %}
        {{ dimension_mean(name, 'altered', 'altered') }} as {{ name }}_mean,
        {%- endfor %}
        altered.*
    from altered
),

scored as (
    select
        *,
        {%- for name in dimensions %}
        {{ published_ratio(name ~ '_mean') }} as {{ name }}_score,
        {%- endfor %}
        {{ published_ratio(known_mean(means)) }} as composite_score
    from stressed
),

ruled as (
    select
        scored.*,
        classes.earned_customer_class_code,
        {{ earned_class_rule(
            'vetoes.customer_sk is not null', 'scored.composite_score', 'scored.risk_score', 'scored.potential_score',
            'scored'
        ) }} as stressed_rule_code
    from scored
    inner join {{ ref('customer_classes') }} as classes
        on scored.customer_sk = classes.customer_sk and scored.as_of_date = classes.as_of_date
    left join {{ ref('vetoed_months') }} as vetoes
        on scored.customer_sk = vetoes.customer_sk and scored.as_of_date = vetoes.as_of_date
),

flipped as (
    select
        as_of_date,
        metric_code,
        indicator_code,
        count(*) as customer_count,
        sum(
            case when {{ class_of_rule('stressed_rule_code') }} <> earned_customer_class_code then 1 else 0 end
        ) as flipped_count
    from ruled
    group by as_of_date, metric_code, indicator_code
)

{% for metric_code in ['weight_up_flip_rate', 'weight_down_flip_rate'] -%}
{{ 'union all' if not loop.first }}
{{ measured_rows(
    metric_code, 'flipped', 'flipped_count', 'customer_count', dimension="'class'", subject_code='indicator_code',
    condition="metric_code = '" ~ metric_code ~ "'"
) }}
{% endfor -%}
