{#-
    What a server's planner has to know of a table that was just made, before other models read it: without, PostgreSQL
    takes it for small and joins it row by row. Nothing where the engine counts by itself.
-#}
{% macro gather_statistics(relation) -%}
    {{ return(adapter.dispatch('gather_statistics')(relation)) }}
{%- endmacro %}

{% macro default__gather_statistics(relation) -%} {%- endmacro %}

{% macro postgres__gather_statistics(relation) -%}
    {%- if model.config.materialized != 'view' -%} analyze {{ relation }} {%- endif -%}
{%- endmacro %}
