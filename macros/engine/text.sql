{#- A text without anything but A–Z and 0–9. -#}
{% macro letters_and_digits(text) -%}
    regexp_replace({{ text }}, '[^A-Z0-9]', '', 'g')
{%- endmacro %}
