-- The dimensions of a customer's month: what was observed of each, and its mean, unrounded. Only the months to build.
-- Sums are exact decimals, so the order of the rows changes no bit.
with summed as (
    select
        customer_sk,
        as_of_date,
        {{ dimension_sums() }}
    from {{ ref('int_indicators_to_score') }}
    group by customer_sk, as_of_date
),

features as (
    select customer_sk, as_of_date
    from {{ ref('customer_features') }}
    where {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date') }}
)

select
    features.customer_sk,
    features.as_of_date,
    {%- for dimension in score_dimensions() %}
    rules.{{ dimension }}_weight,
    coalesce(summed.{{ dimension }}_observed, 0) as {{ dimension }}_observed,
    coalesce(summed.{{ dimension }}_not_applicable, 0) as {{ dimension }}_not_applicable,
    {{ dimension_mean(dimension, 'summed', 'rules') }} as {{ dimension }}_mean,
    {%- endfor %}
    rules.total_weight,
    months.rule_version
from features
inner join {{ ref('month_rule_versions') }} as months on features.as_of_date = months.as_of_date
left join {{ ref('int_score_dimensions') }} as rules on months.rule_version = rules.rule_version
left join summed on features.customer_sk = summed.customer_sk and features.as_of_date = summed.as_of_date
