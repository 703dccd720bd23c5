-- How many customers' earned class hangs on the weight of a single indicator. The thresholds of the classes stay.
with ruled as (
    select
        scored.as_of_date,
        scored.metric_code,
        scored.indicator_code,
        scored.earned_customer_class_code,
        {{ earned_class_rule(
            'scored.is_vetoed', 'scored.composite_score', 'scored.risk_score', 'scored.potential_score',
            'rules'
        ) }} as stressed_rule_code
    from {{ ref('int_stressed_scores') }} as scored
    inner join {{ ref('class_rules') }} as rules on scored.rule_version = rules.rule_version
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
