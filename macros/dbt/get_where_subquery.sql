{#-
    The rows that a generic test looks at: of a model that keeps months those of `is_tested`, where the test asks
    about rows one by one or about a key that holds the month. Without a name, as tests give their own.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set node = graph.nodes.get(model.get('attached_node')) if execute -%}
    {%- if node and node.config.materialized == 'incremental' and model.test_metadata.name in tests_of_rows() -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ is_tested('as_of_date') ~ ')') }}
    {%- endif -%}
    {{ return(default__get_where_subquery(relation)) }}
{%- endmacro %}


{#- The generic tests for which a month can be looked at by itself. -#}
{% macro tests_of_rows() -%}
    {{ return(['accepted_values', 'holds', 'is_listed', 'not_null', 'relationships', 'unique_combination']) }}
{%- endmacro %}


{#-
    Does a month-end have to be tested? `dbt build` tests the months that it makes, as older ones were tested when they
    were made and have stayed; `dbt test` tests all.
-#}
{% macro is_tested(date) -%}
    {%- if execute and flags.WHICH == 'build' -%}
        {{ date }} >= {{ first_day_of_month(first_month_made()) }}
    {%- else -%}
        1 = 1
    {%- endif -%}
{%- endmacro %}
