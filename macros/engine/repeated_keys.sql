{#-
    A condition that a row meets whose key others may have too, or lacks a part: it leaves out most rows of a table, where an
    engine finds these at less than the cost of grouping all by their keys. Arguments: relation, columns (of the key), condition
    (SQL on the rows that are compared, or empty).
-#}
{% macro can_be_repeated(relation, columns, condition='') -%}
    {{ return(adapter.dispatch('can_be_repeated')(relation, columns, condition)) }}
{%- endmacro %}

{% macro default__can_be_repeated(relation, columns, condition) -%} 1 = 1 {%- endmacro %}

{#- DuckDB groups one number at half the cost of several texts. -#}
{% macro duckdb__can_be_repeated(relation, columns, condition) -%}
    {%- set key_hash = 'hash(' ~ columns | join(', ') ~ ')' -%}
    (
        {{ key_hash }} in (
            select {{ key_hash }}
            from {{ relation }}
            {{ 'where ' ~ condition if condition }}
            group by 1
            having count(*) > 1
        )
        {%- for column in columns %}
        or {{ column }} is null
        {%- endfor %}
    )
{%- endmacro %}
