{#-
    The incremental strategy `rebuild_months`: the months from rebuild_window.rebuild_from_month_number on are
    deleted and written anew, and older months stay. Facts dated on or before a month-end alone decide its rows, so
    the first month that a new fact touches is where everything after it has to be made again.
-#}
{% macro get_incremental_rebuild_months_sql(arg_dict) %}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ month_number('as_of_date') }} >= {{ first_month_made() }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}


{#-
    The incremental strategy `publish_months`, of marts: as rebuild_months, and months that are no longer published go.
-#}
{% macro get_incremental_publish_months_sql(arg_dict) %}
    delete from {{ arg_dict['target_relation'] }}
    where as_of_date < {{ first_published_date() }};
    {{ get_incremental_rebuild_months_sql(arg_dict) }}
{% endmacro %}


{#- first_rebuilt_month() for strategies and tests, which run when it is long known and have no ref of their own. -#}
{% macro first_month_made() -%}
    (select made.rebuild_from_month_number from {{ existing_model('rebuild_window') }} as made)
{%- endmacro %}


{#- The first month-end that the marts publish, likewise. -#}
{% macro first_published_date() -%}
    (select min(months.as_of_date) as as_of_date from {{ existing_model('published_months') }} as months)
{%- endmacro %}


{#-
    The number of the first month to build: a number once rebuild_window is built, as it is before everything that asks, so
    that tables are read from that month on and not from the beginning; a sub-select until then, and in unit tests.
-#}
{% macro first_rebuilt_month() -%}
    {%- set window = ref('rebuild_window') -%}
    {%- if execute and '__dbt__cte__' not in window | string and load_relation(window) -%}
        {{ run_query('select rebuild_from_month_number from ' ~ window).columns[0].values() | first }}
    {%- else -%}
        (select rebuild_window.rebuild_from_month_number from {{ window }} as rebuild_window)
    {%- endif -%}
{%- endmacro %}


{#- Does a date lie in the months to build? So that a join reads and keeps no older rows of any of its inputs. -#}
{% macro is_rebuilt(date) -%}
    {{ date }} >= {{ first_day_of_month(first_rebuilt_month()) }}
{%- endmacro %}


{#-
    What the last complete build noted under a name (built_months, built_files, built_accounts); none when it can't be
    built upon: on a full refresh, before the first complete build, or when a model that keeps rows doesn't exist yet.

    Nuance: the notes are written after everything that reads them, so they are looked up by name: a ref would close a
    circle.
-#}
{% macro built_relation(name) %}
    {%- if not execute or flags.FULL_REFRESH -%}
        {{ return(none) }}
    {%- endif -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'incremental' -%}
        {%- if existing_relation(node) is none -%}
            {{ return(none) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(adapter.get_relation(database=target.database, schema='qc', identifier=name)) }}
{% endmacro %}


{#- The relation of a node as it stands in the database; none before its first build. -#}
{% macro existing_relation(node) %}
    {{ return(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) }}
{% endmacro %}


{#- The relation of a model by its name, where a ref can't be: for what is built long before. -#}
{% macro existing_model(name) %}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type == 'model' and node.name == name -%}
        {{ return(existing_relation(node)) }}
    {%- endfor -%}
{% endmacro %}
