{#- Parquet, unless a model says otherwise. -#}
{% macro spark__file_format_clause() -%}
    using {{ config.get('file_format', 'parquet') }}
{%- endmacro %}


{#- Models that keep months are partitioned by them. -#}
{% macro spark__partition_cols(label, required=false) -%}
    {%- if config.get('materialized') == 'incremental' -%} {{ label }} (as_of_date) {%- endif -%}
{%- endmacro %}


{#- A table, or a view of the session; what a contract demands is checked while the rows are written. -#}
{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if temporary -%}
        {{ create_temporary_view(relation, compiled_code) }}
    {%- else -%}
        {%- if config.get('contract').enforced -%}
            {%- do get_assert_columns_equivalent(compiled_code) -%}
            {%- set compiled_code = contracted_rows(relation, compiled_code) -%}
        {%- endif -%}
        create table {{ relation }}
        {{ file_format_clause() }}
        {{ partition_cols(label='partitioned by') }}
        {{ location_clause() }}
        {{ comment_clause() }}
        as
        {{ compiled_code }}
    {%- endif -%}
{%- endmacro %}


{#- As dbt-spark's own, with the rules of ANSI. -#}
{% materialization table, adapter='spark', supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = make_table(compiled_code) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{#- The model's table in place of what bears its name; its relation. -#}
{% macro make_table(compiled_code) %}
    {%- set existing = load_relation(this) -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- do use_ansi() -%}
    {%- if existing is not none -%} {%- do adapter.drop_relation(existing) -%} {%- endif -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, relation, compiled_code) }}
    {%- endcall -%}
    {{ return(relation) }}
{% endmacro %}


{#- The longest text of a view that any metastore keeps: Derby's, 32,700 characters, two bytes for some. -#}
{% macro longest_view() %} {{ return(16000) }} {% endmacro %}


{#- A view, or a table where its text is longer than a metastore keeps. -#}
{% materialization view, adapter='spark' %}
    {%- if sql | length <= longest_view() -%}
        {{ return(create_or_replace_view()) }}
    {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = make_table(sql) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{#- The months from rebuild_window on are overwritten, whole whatever the strategy, partition by partition; older partitions stay as they are. -#}
{% materialization incremental, adapter='spark', supported_languages=['sql'] %}
    {%- set existing = load_relation(this) -%}
    {%- set relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set is_staged_whole = config.get('incremental_strategy') == 'restage_files' -%}
    {%- if existing is none or existing.is_view or should_full_refresh() or is_staged_whole -%}
        {%- do make_table(compiled_code) -%}
    {%- else -%}
        {%- do overwrite_months(relation, compiled_code) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{#-
    Spark can't overwrite a table that the same statement reads, and models carry rows over from themselves: the new rows
    are a table of their own first. Months that have none any more are dropped.
-#}
{% macro overwrite_months(relation, compiled_code) %}
    {%- do use_ansi() -%}
    {%- set fresh = relation.incorporate(path={'identifier': relation.identifier ~ '__fresh'}) -%}
    {%- if config.get('contract').enforced -%}
        {%- do get_assert_columns_equivalent(compiled_code) -%}
        {%- set compiled_code = contracted_rows(relation, compiled_code) -%}
    {%- endif -%}
    {%- do run_statement('drop table if exists ' ~ fresh) -%}
    {%- do run_statement('create table ' ~ fresh ~ ' using parquet as ' ~ compiled_code) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- if columns | sort != adapter.get_columns_in_relation(fresh) | map(attribute='name') | sort -%}
        {%- do exceptions.raise_compiler_error('The columns of ' ~ relation ~ ' have changed: build it with --full-refresh') -%}
    {%- endif -%}
    {%- do run_statement('set spark.sql.sources.partitionOverwriteMode = dynamic') -%}
    {%- call statement('main') -%}
        insert overwrite table {{ relation }} partition (as_of_date)
        select {{ columns | join(', ') }} from {{ fresh }}
    {%- endcall -%}
    {%- for month in months_without_rows(relation, fresh) -%}
        {%- do run_statement('alter table ' ~ relation ~ " drop if exists partition (as_of_date = '" ~ month ~ "')") -%}
    {%- endfor -%}
    {%- do run_statement('drop table ' ~ fresh) -%}
{% endmacro %}


{#- Rebuilt months of a table that its new rows don't have any more. -#}
{% macro months_without_rows(relation, fresh) %}
    {%- set strategy = config.get('incremental_strategy') -%}
    {%- set first_kept = first_kept_date(strategy) -%}
    {%- set outdated = ' or as_of_date < ' ~ first_kept if first_kept -%}
    {%- set stale = run_query(
        'select distinct cast(as_of_date as string) as month from ' ~ relation
        ~ ' where (' ~ made_rows(strategy) ~ outdated ~ ')'
        ~ ' and as_of_date not in (select as_of_date from ' ~ fresh ~ ')'
    ) -%}
    {{ return(stale.columns[0].values() | list) }}
{% endmacro %}
