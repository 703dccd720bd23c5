{#-
    One row per rule version, a column per code: the values of a seed with a row per version and code.

    Arguments: relation (the seed), code (its column with the codes), value (its column with the values), codes (list),
    suffix (of the columns' names).
-#}
{% macro values_by_version(relation, code, value, codes, suffix='') -%}
    select
        rule_version
        {%- for name in codes %},
        max(case when {{ code }} = '{{ name }}' then {{ value }} end) as {{ name }}{{ suffix }}
        {%- endfor %}
    from {{ relation }}
    group by rule_version
{%- endmacro %}


{#- The signals of potential churn, in the order in which they are published. Their thresholds and points are seed rows. -#}
{% macro activity_signal_codes() %}
    {{ return([
        'balance_drawdown', 'balance_collapse', 'salary_stopped', 'matured_money_left',
        'balance_dip', 'balance_decline', 'activity_decline', 'unusual_silence',
    ]) }}
{% endmacro %}
