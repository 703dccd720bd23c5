{#-
    PostgreSQL keeps the types of a contract for a mart that keeps its months, where a new month's rows come with those of
    their expressions: the rows are converted as they are inserted, so only names are compared.
-#}
{% macro postgres__process_schema_changes(on_schema_change, source_relation, target_relation) %}
    {%- set columns = adapter.get_columns_in_relation(target_relation) -%}
    {%- set fresh = adapter.get_columns_in_relation(source_relation) -%}
    {%- if columns | map(attribute='name') | sort == fresh | map(attribute='name') | sort -%}
        {{ return(columns) }}
    {%- endif -%}
    {{ return(default__process_schema_changes(on_schema_change, source_relation, target_relation)) }}
{% endmacro %}
