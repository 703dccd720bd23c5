{#-
    The rule engine: of the rules of a dimension whose conditions are all met, the one with the lowest priority wins. The
    last rule has no condition and is the named default. A condition holds from min_value (inside) to below_value
    (outside); without a value it is not evaluable, which is not met: a dimension that must not fall into its default on
    missing values has a rule for them.

    In a model: `rules as (rules_side_by_side)`, `valued as (select rule_values from facts cross join rules)`, and then
    the least priority `where rule_is_met`. Rules are cross joined, not joined by version: an equality would become a hash
    join, which compares the names of features row by row (five times slower at 60 rules).
-#}

{#- How many conditions a rule may have. -#}
{% macro conditions_per_rule() %} {{ return(3) }} {% endmacro %}


{#- One row per rule of a dimension, its conditions beside each other. -#}
{% macro rules_side_by_side(dimension) -%}
    select
        rules.rule_version,
        rules.priority
        {%- for number in range(1, conditions_per_rule() + 1) %}
        {%- for column in ['feature', 'min_value', 'below_value'] %},
        max(case when conditions.condition_number = {{ number }} then conditions.{{ column }} end) as {{ column }}_{{ number }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('segment_rules') }} as rules
    left join (
        select
            *,
            row_number() over (partition by rule_version, dimension, rule_code order by feature) as condition_number
        from {{ ref('segment_rule_conditions') }}
    ) as conditions
        on
            rules.rule_version = conditions.rule_version
            and rules.dimension = conditions.dimension
            and rules.rule_code = conditions.rule_code
    where rules.dimension = '{{ dimension }}'
    group by rules.rule_version, rules.priority
{%- endmacro %}


{#-
    The columns of a cross join of `facts` (customer_sk, as_of_date, rule_version) and `rules`.

    Arguments: names (of the features: columns of facts, doubles).
-#}
{% macro rule_values(names) -%}
    facts.customer_sk,
    facts.as_of_date,
    facts.rule_version,
    rules.priority,
    case when facts.rule_version = rules.rule_version then 1 else 0 end as is_in_force
    {%- for number in range(1, conditions_per_rule() + 1) %},
    case
        when rules.feature_{{ number }} is null then 'met'
        else {{ condition_status(
            feature_value('rules.feature_' ~ number, names), 'rules.min_value_' ~ number, 'rules.below_value_' ~ number
        ) }}
    end as status_{{ number }}
    {%- endfor %}
{%- endmacro %}


{#- met, not_met or, without a value, not_evaluable. -#}
{% macro condition_status(value, min_value, below_value) -%}
    case
        when ({{ value }}) is null then 'not_evaluable'
        when ({{ value }}) >= {{ min_value }} and ({{ value }}) < {{ below_value }} then 'met'
        else 'not_met'
    end
{%- endmacro %}


{#- A condition on the rows of rule_values. -#}
{% macro rule_is_met() -%}
    is_in_force = 1
    {%- for number in range(1, conditions_per_rule() + 1) %}
    and status_{{ number }} = 'met'
    {%- endfor %}
{%- endmacro %}
