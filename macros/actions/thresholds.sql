{#- The single numbers of the actions that models ask for; each published rule version has all of them in action_thresholds. -#}
{% macro action_threshold_codes() %}
    {{ return([
        'recommendation_count', 'contact_cap', 'wallet_share', 'unassessed_risk_level', 'campaign_cell_size', 'campaign_z',
        'review_balance', 'judgement_notice_days',
    ]) }}
{% endmacro %}


{#- One row per rule version with some of them beside each other. -#}
{% macro action_thresholds(codes) -%}
    {{ values_by_version(ref('action_thresholds'), 'threshold_code', 'value', codes) }}
{%- endmacro %}


{#- Does a cell of a rule that may be `all` take in a code? A condition. -#}
{% macro takes_in(rule_cell, code) -%} {{ rule_cell }} in ('all', {{ code }}) {%- endmacro %}
