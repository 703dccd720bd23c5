{#-
    The rule that gives a customer its class, the first that is met: veto, risk_score, unclassified, quality,
    potential, general. An unknown score meets no threshold, and a composite score that is unknown leaves nothing to
    class but a veto.

    Arguments are SQL expressions: is_vetoed (never null), the three scores, and rules (alias of a row of class_rules).
-#}
{% macro earned_class_rule(is_vetoed, composite_score, risk_score, potential_score, rules) -%}
    case
        when {{ is_vetoed }} then 'veto'
        when {{ risk_score }} < {{ rules }}.risk_below_risk_score then 'risk_score'
        when {{ composite_score }} is null then 'unclassified'
        when {{ composite_score }} >= {{ rules }}.quality_min_composite_score
            and {{ risk_score }} >= {{ rules }}.quality_min_risk_score
            then 'quality'
        when {{ potential_score }} >= {{ rules }}.potential_min_potential_score then 'potential'
        else 'general'
    end
{%- endmacro %}


{#- The class of a rule of earned_class_rule(). -#}
{% macro class_of_rule(rule) -%}
    case when {{ rule }} in ('veto', 'risk_score') then 'risk' else {{ rule }} end
{%- endmacro %}


{#-
    A condition: is something that was last earned in a month still held? It is for hold_months after that month,
    unless a veto came later. Arguments are SQL expressions, months by their number; null when it was never earned
    (then it isn't held) or never vetoed.
-#}
{% macro is_held(month_number, last_earned_month_number, last_veto_month_number, hold_months) -%}
    coalesce(
        {{ month_number }} - {{ last_earned_month_number }} <= {{ hold_months }}
        and {{ last_earned_month_number }} >= coalesce({{ last_veto_month_number }}, 0),
        false
    )
{%- endmacro %}


{#-
    By how much an indicator's normalised value has to rise so that its customer earns next_class_code; null where it
    can't do that by itself. Reads the columns of int_next_class_needs.
-#}
{% macro needed_change() -%}
    case
        when next_class_code <> 'quality' and earned_customer_class_code = 'risk' and dimension = 'risk'
            then (risk_below_risk_score - risk_score) / dimension_weight
        when next_class_code = 'potential' and earned_customer_class_code <> 'risk' and dimension = 'potential'
            then (potential_min_potential_score - potential_score) / dimension_weight
        when next_class_code = 'quality' and risk_score >= quality_min_risk_score
            then (quality_min_composite_score - composite_score) / effective_weight
        when next_class_code = 'quality' and dimension = 'risk' and risk_score < quality_min_risk_score
            then greatest(
                (quality_min_risk_score - risk_score) / dimension_weight,
                (quality_min_composite_score - composite_score) / effective_weight
            )
    end
{%- endmacro %}
