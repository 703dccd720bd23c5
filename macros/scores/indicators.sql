{#- All numbers and flags, or all codes, that an indicator may look at: name → SQL. Reads the aliases features and formulas. -#}
{% macro indicator_values(kind) %}
    {% set values = {} %}
    {% if kind == 'number' %}
        {% do values.update(customer_feature_numbers('features')) %}
        {% do values.update({'product_gap': product_gap()}) %}
    {% else %}
        {% for name in customer_feature_names('code') %}
            {% do values.update({name: 'cast(features.' ~ name ~ ' as ' ~ dbt.type_string() ~ ')'}) %}
        {% endfor %}
    {% endif %}
    {{ return(values) }}
{% endmacro %}


{#- What the bank could still be to a customer, 0 to 100: missing points of primacy and missing product lines, each at
    its price. Unknown when one of them is. -#}
{% macro product_gap() -%}
    case
        when features.primacy_score is not null and features.product_line_count is not null
            then
                cast(
                    least(
                        greatest(
                            (formulas.primacy_maximum - features.primacy_score) * formulas.primacy_points
                            + (formulas.product_line_maximum - features.product_line_count) * formulas.product_line_points,
                            0
                        ),
                        100
                    ) as {{ type_double() }}
                )
    end
{%- endmacro %}


{#-
    One row per customer, month and indicator of the month's rule version: the raw value, the normalised value, and
    whether it was observed, is missing or doesn't apply.

    Arguments: condition (SQL over features, a row of customer_features): which customers and months are wanted. Asked before
    anything is joined: two readers of the same join would have DuckDB keep it, of all months, in memory.
    with_weights: also the score_weight_columns() of customer_scores, which effective_weight() wants; they come in before the
    rules, as they would meet thirteen times as many rows after them.

    Nuance: cross joined for the reason that the rule engine gives; so the rows of a customer's month stay together,
    which makes them cheap to sum. What is taken off a normalised value: points for every month overdrawn; unknown
    overdrafts take off nothing.
-#}
{% macro scored_indicators(condition, with_weights=false) %}
{%- set numbers, codes = indicator_values('number'), indicator_values('code') -%}
{%- set weights = score_weight_columns() if with_weights else [] -%}
with features as (
    select features.*
    from {{ ref('customer_features') }} as features
    where {{ condition }}
),

facts as (
    select
        features.customer_sk,
        features.as_of_date,
        features.customer_type_code,
        months.rule_version,
        {%- for name in weights %}
        scores.{{ name }},
        {%- endfor %}
        features.loan_outstanding = 0 as is_without_credit,
        formulas.overdraft_month_deduction * coalesce(features.overdraft_months_12m, 0) as overdraft_deduction,
        {{ values_in_order(numbers.values()) }} as numbers,
        {{ values_in_order(codes.values()) }} as codes
    from features
    inner join {{ ref('month_rule_versions') }} as months on features.as_of_date = months.as_of_date
    left join {{ ref('score_formulas') }} as formulas on months.rule_version = formulas.rule_version
    {%- if with_weights %}
    inner join {{ ref('customer_scores') }} as scores
        on features.customer_sk = scores.customer_sk and features.as_of_date = scores.as_of_date
    {%- endif %}
),

rules as (
    select
        *,
        {{ place_of_feature('feature', numbers) }} as number_place,
        {{ place_of_feature('feature', codes) }} as code_place
    from {{ ref('int_score_rules') }}
),

valued as (
    select
        facts.customer_sk,
        facts.as_of_date,
        facts.is_without_credit,
        {%- for name in weights %}
        facts.{{ name }},
        {%- endfor %}
        rules.indicator_number,
        rules.dimension,
        rules.weight,
        rules.is_bound_to_credit,
        case
            when facts.rule_version = rules.rule_version and facts.customer_type_code = rules.customer_type then 1
            else 0
        end as is_applicable,
        case when rules.deduction_code = 'overdraft' then facts.overdraft_deduction else 0 end as deduction,
        {{ value_at('facts.numbers', 'rules.number_place') }} as raw_value,
        {{ value_at('facts.codes', 'rules.code_place') }} as raw_code
    from facts
    cross join rules
    where rules.number_place is not null or rules.code_place is not null
),

normalised as (
    select
        valued.*,
        case
            when bands.value_at_min is not null
                then {{ normalised_number(
                    'greatest(' ~ banded_value(
                        'valued.raw_value', 'bands.min_value', 'bands.below_value',
                        'bands.value_at_min', 'bands.value_at_below'
                    ) ~ ' - valued.deduction, 0)'
                ) }}
            when points.normalised_value is not null
                then {{ normalised_number('greatest(points.normalised_value - valued.deduction, 0)') }}
        end as normalised_value
    from valued
    left join {{ ref('int_score_bands') }} as bands
        on
            valued.indicator_number = bands.indicator_number
            and valued.raw_value >= bands.min_value
            and valued.raw_value < bands.below_value
    left join {{ ref('int_score_code_points') }} as points
        on valued.indicator_number = points.indicator_number and valued.raw_code = points.code
    where valued.is_applicable = 1
)

select
    customer_sk,
    as_of_date,
    indicator_number,
    dimension,
    weight,
    raw_value,
    raw_code,
    deduction,
    normalised_value,
    {%- for name in weights %}
    {{ name }},
    {%- endfor %}
    case
        when normalised_value is not null then 'observed'
        -- the value is unknown because there is nothing to know
        when is_without_credit and is_bound_to_credit and raw_value is null and raw_code is null then 'not_applicable'
        else 'missing'
    end as status_code
from normalised
{% endmacro %}
