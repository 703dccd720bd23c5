{#-
    One row per rule version, a column per code: the values of a seed with a row per version and code.

    Arguments: relation (the seed), code (its column with the codes), value (its column with the values), codes (list).
-#}
{% macro values_by_version(relation, code, value, codes) -%}
    select
        rule_version
        {%- for name in codes %},
        max(case when {{ code }} = '{{ name }}' then {{ value }} end) as {{ name }}
        {%- endfor %}
    from {{ relation }}
    group by rule_version
{%- endmacro %}
