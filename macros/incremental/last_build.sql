{#-
    What the last complete build noted under a name (built_months, built_files, built_accounts, built_fingerprints); none when
    it can't be built upon: on a full refresh, before the first complete build, or when a model that keeps rows doesn't exist
    yet.

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


{#- The relation of a model or seed by its name, where a ref can't be: for what is built long before. -#}
{% macro existing_model(name) %}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type in ('model', 'seed') and node.name == name -%}
        {{ return(existing_relation(node)) }}
    {%- endfor -%}
{% endmacro %}


{#-
    The newest month-end of the last complete build, in SQL, where all months that it made are made from the same facts now;
    none where one of them differs, where that isn't known yet, in unit tests, and where its notes about months and those
    about accounts and customers are of two builds, as a build leaves them that is killed between the two.
-#}
{% macro date_built_unchanged() %}
    {%- set months, built = ref('month_fingerprints'), built_relation('built_months') -%}
    {%- set subjects = built_relation('built_fingerprints') -%}
    {%- if not built or not subjects or '__dbt__cte__' in months | string or not load_relation(months) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set query -%}
        select
            max(built.as_of_date) as as_of_date,
            max(case when built.fingerprint = months.fingerprint then 0 else 1 end) as is_changed,
            {{ summed_fingerprints('built.fingerprint') }} as months_fingerprint,
            (select max(months_fingerprint) from {{ subjects }}) as subjects_fingerprint
        from {{ built }} as built
        left join {{ months }} as months on built.month_number = months.month_number
    {%- endset -%}
    {%- set row = run_query(query).rows[0] -%}
    {{ return("cast('" ~ row[0] ~ "' as date)" if row[1] == 0 and row[2] == row[3] else none) }}
{% endmacro %}


{#- The sum of fingerprints that are kept as text, as text: what notes of one build have in common. -#}
{% macro summed_fingerprints(fingerprint) -%}
    cast(sum(cast({{ fingerprint }} as {{ type_exact_integer() }})) as {{ dbt.type_string() }})
{%- endmacro %}
