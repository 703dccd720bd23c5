{%- set dimensions = score_dimensions() %}

-- The dimensions of a customer's month: what was observed of each, and its mean, unrounded. Only the months to build.
-- Sums are exact decimals, so the order of the rows changes no bit.
with summed as (
    select
        customer_sk,
        as_of_date,
        {%- for dimension in dimensions %}
        sum(case when dimension = '{{ dimension }}' then weight * normalised_value end) as {{ dimension }}_points,
        sum(case when dimension = '{{ dimension }}' and status_code = 'observed' then weight else 0 end)
            as {{ dimension }}_observed,
        sum(case when dimension = '{{ dimension }}' and status_code = 'not_applicable' then weight else 0 end)
            as {{ dimension }}_not_applicable{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_indicators_to_score') }}
    group by customer_sk, as_of_date
)

select
    features.customer_sk,
    features.as_of_date,
    months.rule_version,
    rules.total_weight,
    {%- for dimension in dimensions %}
    rules.{{ dimension }}_weight,
    coalesce(summed.{{ dimension }}_observed, 0) as {{ dimension }}_observed,
    coalesce(summed.{{ dimension }}_not_applicable, 0) as {{ dimension }}_not_applicable,
    {{ dimension_mean(
        'summed.' ~ dimension ~ '_points', 'summed.' ~ dimension ~ '_observed',
        'summed.' ~ dimension ~ '_not_applicable', 'rules.' ~ dimension ~ '_weight',
        'rules.' ~ dimension ~ '_min_share'
    ) }} as {{ dimension }}_mean{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('customer_features') }} as features
inner join {{ ref('month_rule_versions') }} as months on features.as_of_date = months.as_of_date
left join {{ ref('int_score_dimensions') }} as rules on months.rule_version = rules.rule_version
left join summed on features.customer_sk = summed.customer_sk and features.as_of_date = summed.as_of_date
where months.month_number >= {{ first_rebuilt_month() }}
