{#-
    The rows that a generic test looks at: of a model that keeps months, intervals or files those that `dbt build` makes, where the
    test asks about rows one by one or about a key that holds customer and month. Without a name, as tests give their own.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set node = graph.nodes.get(model.get('attached_node')) if execute -%}
    {%- set strategy = node.config.incremental_strategy if node else none -%}
    {%- if flags.WHICH == 'build' and model.test_metadata.name in tests_of_rows() -%}
        {%- if strategy in rebuilt_columns() -%}
            {{ return('(select * from ' ~ relation ~ ' where ' ~ made_rows(strategy) ~ ')') }}
        {%- elif strategy in interval_columns() -%}
            {{ return('(select * from ' ~ relation ~ ' where ' ~ made_intervals(strategy) ~ ')') }}
        {%- elif strategy == 'restage_files' -%}
            {{ return('(select * from ' ~ relation ~ ' where ' ~ restaged_rows() ~ ')') }}
        {%- endif -%}
    {%- endif -%}
    {{ return(default__get_where_subquery(relation)) }}
{%- endmacro %}


{#- The generic tests for which a month can be looked at by itself. -#}
{% macro tests_of_rows() -%}
    {{ return(['accepted_values', 'holds', 'is_listed', 'not_null', 'relationships', 'unique_combination']) }}
{%- endmacro %}


{#-
    Does a customer's month have to be tested? `dbt build` tests the months that it makes, as older ones were tested when they
    were made and have stayed; `dbt test` tests all. Arguments: column (customer_sk or customer_key, by which the model keeps
    its rows), subject and date (SQL).
-#}
{% macro is_customer_tested(column, subject, date) -%}
    {%- if execute and flags.WHICH == 'build' -%}
        {{ is_month_end_made(existing_model('rebuild_window'), column, subject, date) }}
    {%- else -%}
        1 = 1
    {%- endif -%}
{%- endmacro %}
