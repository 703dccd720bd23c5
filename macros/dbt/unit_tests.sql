{#-
    dbt's own unit tests name a relation after the test, which PostgreSQL takes up to 63 characters, and compare values as
    they are printed, where PostgreSQL writes 1.50 or 1.5. Spark's server takes a statement without rows for an error.
    So both have a form of their own, which compares the same rows. This one is PostgreSQL's.
-#}
{% materialization unit, adapter='postgres' %}
    {{ return(run_unit_test(sql)) }}
{% endmaterialization %}

{#- A unit test on Spark; see PostgreSQL's. -#}
{% materialization unit, adapter='spark' %}
    {%- do use_ansi() -%}
    {{ return(run_unit_test(sql)) }}
{% endmaterialization %}


{#- The rows that a model makes of a unit test's inputs beside those that are expected, for dbt to compare. -#}
{% macro run_unit_test(sql) %}
    {%- set types = unit_test_types(sql) -%}
    {%- set quoted = {} -%}
    {%- for name in types -%} {%- do quoted.update({name: adapter.quote(name)}) -%} {%- endfor -%}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set expected_sql = config.get('expected_sql') or get_expected_sql(expected_rows, types, quoted) -%}
    {%- set names = (expected_rows[0].keys() | map('lower') | list) if expected_rows else (types.keys() | list) -%}
    {%- call statement('main', fetch_result=True) -%}
        with dbt_internal_unit_test_actual as (
            {{ sql }}
        ),

        dbt_internal_unit_test_expected as (
            {{ expected_sql }}
        )
        {%- for side in ('actual', 'expected') %}
        select
            {%- for name in names %}
            {{ printed_alike(quoted[name], types[name]) }} as {{ quoted[name] }},
            {%- endfor %}
            {{ dbt.string_literal(side) }} as {{ adapter.quote('actual_or_expected') }}
        from dbt_internal_unit_test_{{ side }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmacro %}


{#- The types of a query's columns by their names in lower case. -#}
{% macro unit_test_types(sql) %}
    {{ return(adapter.dispatch('unit_test_types')(sql)) }}
{% endmacro %}

{#- By way of a table: only it tells a numeric's precision. -#}
{% macro default__unit_test_types(sql) %}
    {%- set relation = api.Relation.create(identifier='unit_test_actual') -%}
    {%- do run_query('create temporary table ' ~ relation ~ ' as ' ~ get_empty_subquery_sql(sql)) -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- endfor -%}
    {%- do run_query('drop table ' ~ relation) -%}
    {{ return(types) }}
{% endmacro %}

{% macro spark__unit_test_types(sql) %}
    {%- set types = {} -%}
    {%- for row in run_query('describe query ' ~ get_empty_subquery_sql(sql)).rows -%}
        {%- do types.update({row['col_name'] | lower: row['data_type']}) -%}
    {%- endfor -%}
    {{ return(types) }}
{% endmacro %}


{#- A value of a type in one spelling. -#}
{% macro printed_alike(column, type) -%}
    {{ return(adapter.dispatch('printed_alike')(column, type)) }}
{%- endmacro %}

{% macro default__printed_alike(column, type) -%} {{ column }} {%- endmacro %}
{% macro postgres__printed_alike(column, type) -%}
    {{ 'trim_scale(' ~ column ~ ')' if type.startswith('numeric') else column }}
{%- endmacro %}
