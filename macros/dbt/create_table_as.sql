{#-
    A model that keeps months is written in their order where all are made: what reads or deletes a month then skips the blocks
    of all others, where else it would find a few of its rows in each. Arguments: as dbt-duckdb's own, which it calls.
-#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) %}
    {%- if not temporary and config.get('incremental_strategy') in rebuilt_columns() -%}
        {%- set compiled_code = 'select * from (\n' ~ compiled_code ~ '\n) as model_in_order order by as_of_date' -%}
    {%- endif -%}
    {{ return(dbt.duckdb__create_table_as(
        temporary, relation, compiled_code, language, partitioned_by, sorted_by
    )) }}
{% endmacro %}
