-- How many customers' earned class hangs on the weight of a single indicator. The thresholds of the classes stay.
-- The newest month's customers are put together first: each is looked up once an indicator and direction.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('customer_scores') }}
),

earned as (
    select
        classes.customer_sk,
        classes.earned_customer_class_code,
        vetoes.customer_sk is not null as is_vetoed
    from {{ ref('customer_classes') }} as classes
    inner join newest on classes.as_of_date = newest.as_of_date
    left join {{ ref('vetoed_months') }} as vetoes
        on classes.customer_sk = vetoes.customer_sk and classes.as_of_date = vetoes.as_of_date
),

ruled as (
    select
        scored.as_of_date,
        scored.metric_code,
        scored.indicator_code,
        earned.earned_customer_class_code,
        {{ earned_class_rule(
            'earned.is_vetoed', 'scored.composite_score', 'scored.risk_score', 'scored.potential_score',
            'rules'
        ) }} as stressed_rule_code
    from {{ ref('int_stressed_scores') }} as scored
    inner join {{ ref('class_rules') }} as rules on scored.rule_version = rules.rule_version
    inner join earned on scored.customer_sk = earned.customer_sk
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
