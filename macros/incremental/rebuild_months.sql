{#-
    The incremental strategy `rebuild_months`: the months from rebuild_window.rebuild_from_month_number on are
    deleted and written anew, and older months stay. Facts dated on or before a month-end alone decide its rows, so
    the first month that a new fact touches is where everything after it has to be made again.
-#}
{% macro get_incremental_rebuild_months_sql(arg_dict) %}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ month_number('as_of_date') }} >= {{ first_rebuilt_month() }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}


{#- The number of the first month to build, as a sub-select. -#}
{% macro first_rebuilt_month() -%}
    (select rebuild_window.rebuild_from_month_number from {{ ref('rebuild_window') }} as rebuild_window)
{%- endmacro %}


{#- Does a date lie in the months to build? So that a join reads and keeps no older rows of any of its inputs. -#}
{% macro is_rebuilt(date) -%}
    {{ date }} >= {{ first_day_of_month(first_rebuilt_month()) }}
{%- endmacro %}


{#-
    The months of the last complete build; none when they can't be built upon: on a full refresh, before the first
    complete build, or when a model that keeps months doesn't exist yet.

    Nuance: built_months is written after everything that reads rebuild_window, so it is looked up by name: a ref
    would close a circle.
-#}
{% macro built_months_relation() %}
    {%- if not execute or flags.FULL_REFRESH -%}
        {{ return(none) }}
    {%- endif -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'incremental' -%}
        {%- if existing_relation(node) is none -%}
            {{ return(none) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(adapter.get_relation(database=target.database, schema='qc', identifier='built_months')) }}
{% endmacro %}


{#- The relation of a node as it stands in the database; none before its first build. -#}
{% macro existing_relation(node) %}
    {{ return(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) }}
{% endmacro %}
