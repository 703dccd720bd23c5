{#- What a tag may ask about beside the features: codes and scores of the segments, by their kind (number or code). -#}
{% macro segment_feature_names(kind) %}
    {% set names = {
        'number': [
            'wealth_need_score', 'financing_need_score', 'settlement_need_score', 'inactivity_days', 'slowing_points',
            'stable_amount', 'less_stable_amount',
        ],
        'code': [
            'value_tier_code', 'earned_value_tier_code', 'service_value_tier_code', 'tier_status_code', 'need_segment_code',
            'activity_state_code', 'deposit_stability_code',
        ],
    } %}
    {{ return(names[kind]) }}
{% endmacro %}


{#- All numbers and flags, or all codes, that a tag may name: name → SQL over the features and the segments' columns. -#}
{% macro tag_features(kind, relation) %}
    {% set features = customer_feature_numbers(relation) if kind == 'number' else {} %}
    {% for name in customer_feature_names('code') if kind == 'code' %}
        {% do features.update({name: relation ~ '.' ~ name}) %}
    {% endfor %}
    {% for name in segment_feature_names(kind) %}
        {% do features.update({name: 'cast(' ~ name ~ ' as ' ~ type_double() ~ ')' if kind == 'number' else name}) %}
    {% endfor %}
    {{ return(features) }}
{% endmacro %}
