{#- What an indicator may look at, as {name: kind}: the columns of customer_features by their kind (number, flag, code),
    and the features that are made from several of them. -#}
{% macro indicator_features() %}
    {%- set kinds = {'product_gap': 'number'} -%}
    {%- for kind in ['number', 'flag', 'code'] -%}
        {%- for name in customer_feature_names(kind) -%} {%- do kinds.update({name: kind}) -%} {%- endfor -%}
    {%- endfor -%}
    {{ return(kinds) }}
{% endmacro %}


{#- A feature of one row as a number: flags as 0 and 1. Reads the aliases features and rules. -#}
{% macro indicator_number(feature, kind) -%}
    {%- if feature == 'product_gap' -%}
    {{ product_gap() }}
    {%- elif kind == 'flag' -%}
    cast(cast(features.{{ feature }} as integer) as {{ type_double() }})
    {%- else -%}
    cast(features.{{ feature }} as {{ type_double() }})
    {%- endif -%}
{%- endmacro %}


{#- What the bank could still be to a customer, 0 to 100: missing points of primacy and missing product lines, each at
    its price. Unknown when one of them is. -#}
{% macro product_gap() -%}
    case
        when features.primacy_score is not null and features.product_line_count is not null
            then
                cast(
                    least(
                        greatest(
                            (rules.primacy_maximum - features.primacy_score) * rules.primacy_points
                            + (rules.product_line_maximum - features.product_line_count) * rules.product_line_points,
                            0
                        ),
                        100
                    ) as {{ type_double() }}
                )
    end
{%- endmacro %}


{#- What is taken off a normalised value: points for every month overdrawn. Unknown overdrafts take off nothing. -#}
{% macro indicator_deduction() -%}
    case
        when rules.deduction_code = 'overdraft'
            then rules.overdraft_month_deduction * coalesce(features.overdraft_months_12m, 0)
        else 0
    end
{%- endmacro %}


{#-
    One row per customer, month and indicator of the month's rule version: the raw value, the normalised value, and
    whether it was observed, is missing or doesn't apply.

    Argument: condition (SQL over features, a row of customer_features, and months, its row of month_rule_versions):
    which customers and months are wanted.

    Nuance: every feature has a branch, and only those that the registry names find a row to join: an indicator is
    added by seed rows alone. A branch reads few columns of customer_features, which is what makes this fast.
-#}
{% macro scored_indicators(condition) %}
{%- set numbers, codes = [], [] -%}
{%- for feature, kind in indicator_features().items() -%}
    {%- do (codes if kind == 'code' else numbers).append(indicator_branch(feature, kind, condition)) -%}
{%- endfor %}
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
    case
        when normalised_value is not null then 'observed'
        -- the value is unknown because there is nothing to know
        when is_without_credit and is_bound_to_credit and raw_value is null and raw_code is null then 'not_applicable'
        else 'missing'
    end as status_code
from (
    select
        numbers.*,
        cast(null as {{ dbt.type_string() }}) as raw_code,
        case
            when bands.value_at_min is not null
                then {{ normalised_number(
                    'greatest(' ~ banded_value(
                        'numbers.raw_value', 'bands.min_value', 'bands.below_value',
                        'bands.value_at_min', 'bands.value_at_below'
                    ) ~ ' - numbers.deduction, 0)'
                ) }}
        end as normalised_value
    from (
        {{ numbers | join('union all') }}
    ) as numbers
    left join {{ ref('int_score_bands') }} as bands
        on
            numbers.indicator_number = bands.indicator_number
            and numbers.raw_value >= bands.min_value
            and numbers.raw_value < bands.below_value

    union all

    select
        codes.customer_sk,
        codes.as_of_date,
        codes.indicator_number,
        codes.dimension,
        codes.weight,
        codes.is_bound_to_credit,
        codes.is_without_credit,
        codes.deduction,
        cast(null as {{ type_double() }}) as raw_value,
        codes.raw_code,
        case
            when points.normalised_value is not null
                then {{ normalised_number('greatest(points.normalised_value - codes.deduction, 0)') }}
        end as normalised_value
    from (
        {{ codes | join('union all') }}
    ) as codes
    left join {{ ref('int_score_code_points') }} as points
        on codes.indicator_number = points.indicator_number and codes.raw_code = points.code
) as indicators
{% endmacro %}


{#- The rows of all indicators that look at one feature. -#}
{% macro indicator_branch(feature, kind, condition) %}
        select
            features.customer_sk,
            features.as_of_date,
            rules.indicator_number,
            rules.dimension,
            rules.weight,
            rules.is_bound_to_credit,
            features.loan_outstanding = 0 as is_without_credit,
            {{ indicator_deduction() }} as deduction,
            {% if kind == 'code' -%}
            cast(features.{{ feature }} as {{ dbt.type_string() }}) as raw_code
            {%- else -%}
            {{ indicator_number(feature, kind) }} as raw_value
            {%- endif %}
        from {{ ref('customer_features') }} as features
        inner join {{ ref('month_rule_versions') }} as months on features.as_of_date = months.as_of_date
        inner join {{ ref('int_score_rules') }} as rules
            on
                months.rule_version = rules.rule_version
                and features.customer_type_code = rules.customer_type
                and rules.feature = '{{ feature }}'
        where {{ condition }}
        {% endmacro %}
