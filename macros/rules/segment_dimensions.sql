{#- The dimensions that marts count customers by: the dimension in classification_codes → its column. -#}
{% macro segment_dimensions() %}
    {{ return({
        'value_tier': 'value_tier_code',
        'tier_status': 'tier_status_code',
        'need': 'need_segment_code',
        'activity': 'activity_state_code',
        'class': 'customer_class_code',
        'deposit_stability': 'deposit_stability_code',
    }) }}
{% endmacro %}


{#- A list of texts, quoted and with commas between. -#}
{% macro quoted(names) -%}
    {%- for name in names -%}
    '{{ name }}'
    {%- if not loop.last %},
    {% endif %}
    {%- endfor -%}
{%- endmacro %}
