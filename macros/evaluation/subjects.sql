{#- Scores whose order and distribution are watched; columns of int_evaluation_customers. See the seed evaluation_subjects. -#}
{% macro rank_subjects() %}
    {{ return([
        'composite_score', 'contribution_score', 'risk_score', 'potential_score',
        'wealth_need_score', 'financing_need_score', 'settlement_need_score',
    ]) }}
{% endmacro %}


{#- Scores and features whose distribution is watched. -#}
{% macro stability_subjects() %}
    {{ return(rank_subjects() + [
        'adb_12m', 'aum_1m', 'contribution_12m', 'customer_txn_per_month_12m', 'product_line_count',
        'digital_share_12m', 'income_level_amount', 'balance_cv_6m', 'max_dpd_12m', 'primacy_score',
    ]) }}
{% endmacro %}


{#-
    The value of the score or feature that a column names, as a number. Arguments: code (SQL, a subject_code), subjects (those
    that it can be), relation (alias of int_evaluation_customers).
-#}
{% macro value_of_subject(code, subjects, relation) -%}
    case {{ code }}
        {%- for subject in subjects %}
        when '{{ subject }}' then {{ as_number(relation ~ '.' ~ subject) }}
        {%- endfor %}
    end
{%- endmacro %}


{#- What is compared with what happened next. -#}
{% macro predictors() %}
    {{ return(['composite_score', 'contribution_score', 'risk_score', 'potential_score', 'slowing_points']) }}
{% endmacro %}


{#- What can happen to a customer: the columns of int_outcomes. Thresholds and labels are in outcome_definitions. -#}
{% macro outcome_codes() %}
    {{ return(['balance_loss', 'inactivity', 'new_inactivity', 'overdue', 'new_overdue']) }}
{% endmacro %}
