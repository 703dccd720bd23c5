-- depends_on: {{ ref('rebuild_window') }}
{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}
{%- set dimensions = score_dimensions() %}

-- The scores of a customer's month, and the weights that turn an indicator's points into a part of the composite.
with scored as (
    select
        *,
        {{ known_mean({
            'contribution_mean': 'contribution_weight', 'risk_mean': 'risk_weight', 'potential_mean': 'potential_weight',
        }) }} as composite_mean,
        contribution_observed + risk_observed + potential_observed as observed_weight,
        contribution_not_applicable + risk_not_applicable + potential_not_applicable as not_applicable_weight
    from {{ ref('int_score_means') }}
),

published as (
    select
        customer_sk,
        as_of_date,
        rule_version,
        {%- for dimension in dimensions %}
        {{ published_ratio(dimension ~ '_mean') }} as {{ dimension }}_score,
        cast({{ dimension }}_observed as decimal(9, 3)) as {{ dimension }}_observed_weight,
        cast(case when {{ dimension }}_mean is null then 0 else {{ dimension }}_weight end as decimal(9, 3))
            as {{ dimension }}_present_weight,
        {%- endfor %}
        {{ published_ratio('composite_mean') }} as composite_score,
        {{ published_ratio('(observed_weight + not_applicable_weight) / nullif(total_weight, 0)') }}
            as observed_weight_share,
        {{ published_ratio('not_applicable_weight / nullif(total_weight, 0)') }} as not_applicable_weight_share
    from scored
)

select
    published.customer_sk,
    published.as_of_date,
    {%- for dimension in dimensions %}
    published.{{ dimension }}_score,
    {%- endfor %}
    published.composite_score,
    {%- for dimension in dimensions %}
    published.{{ dimension }}_observed_weight,
    published.{{ dimension }}_present_weight,
    {%- endfor %}
    published.observed_weight_share,
    published.not_applicable_weight_share,
    grades.confidence_grade,
    published.rule_version
from published
left join {{ ref('confidence_grades') }} as grades
    on
        published.rule_version = grades.rule_version
        and published.observed_weight_share >= grades.min_value
        and published.observed_weight_share < grades.below_value
