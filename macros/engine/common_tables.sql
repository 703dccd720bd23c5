{#-
    Put between `as` and the bracket of a CTE that is read several times: whoever reads it reads its sources, with the columns and
    rows that it asks for. Without it an engine writes all of it down first, which is right where it took long to make.
-#}
{% macro not_materialized() -%}
    {{ return(adapter.dispatch('not_materialized')()) }}
{%- endmacro %}

{% macro default__not_materialized() -%} not materialized {%- endmacro %}

{#- Spark never writes one down. -#}
{% macro spark__not_materialized() -%} {%- endmacro %}
