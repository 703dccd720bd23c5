{#- The dimensions that campaigns are judged by: the dimension in classification_codes → its column. -#}
{% macro campaign_dimensions() %}
    {{ return({
        'value_tier': 'value_tier_code',
        'need': 'need_segment_code',
        'activity': 'activity_state_code',
        'class': 'customer_class_code',
    }) }}
{% endmacro %}
