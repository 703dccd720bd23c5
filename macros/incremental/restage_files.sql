{#-
    The incremental strategy `restage_files`, of staged rows: the rows of files that are new, changed or gone, and every row
    that is judged anew, are deleted; what the model selects is inserted. The rows of all other files stay.
-#}
{% macro get_incremental_restage_files_sql(arg_dict) %}
    {%- set target_relation = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ target_relation }}
    where {{ restaged_rows() }};

    insert into {{ target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}


{#-
    The condition that tells the staged rows which a build stages anew. For the strategy and for tests, which run when that is
    long known and have no ref of their own.
-#}
{% macro restaged_rows() -%}
    landed_file not in (
        select files.landed_file from {{ existing_model('stg_landing__transaction_files') }} as files where files.is_kept
    )
    or (landed_file, landed_row) in (
        select judged.landed_file, judged.landed_row from {{ existing_model('core__transactions_judged') }} as judged
    )
{%- endmacro %}


{#- What the last complete build noted about the rows that it staged, where the engine can keep them; else none. -#}
{% macro staged_relation(name) %}
    {{ return(adapter.dispatch('staged_relation')(name)) }}
{% endmacro %}

{% macro default__staged_relation(name) %}
    {{ return(built_relation(name) if existing_model('core__transactions_judged')) }}
{% endmacro %}

{#- Spark deletes no rows from Parquet tables: it stages all files each time. -#}
{% macro spark__staged_relation(name) %}
    {{ return(none) }}
{% endmacro %}


{#-
    The landed transactions that have to be looked at, in SQL: of files that are new or changed, which cost less to read again
    than to write down, and what is restaged of others; or all of them, as nothing was kept.
-#}
{% macro transactions_to_stage() -%}
    {%- set landed, files = source('core', 'transactions'), ref('stg_landing__transaction_files') -%}
    {%- set restaged = ref('restaged_transactions') -%}
    {%- if staged_relation('built_files') -%}
        (
            select * from {{ landed }} where landed_file in ({{ landed_files_of(files, 'not is_kept') }})
            union all
            select * from {{ restaged }}
        )
    {%- else -%}
        {{ landed }}
    {%- endif -%}
{%- endmacro %}


{#-
    The landed files that a condition on a relation names, as a list of texts once that is built, so that no other file is
    opened; a sub-select until then, and in unit tests. Arguments: relation (has landed_file), condition (SQL over it).
-#}
{% macro landed_files_of(relation, condition='true') -%}
    {%- set query = 'select distinct landed_file from ' ~ relation ~ ' where ' ~ condition ~ ' order by landed_file' -%}
    {%- if execute and '__dbt__cte__' not in relation | string and load_relation(relation) -%}
        {%- set files = run_query(query).columns[0].values() -%}
        {{ quoted(files | map('replace', "'", "''")) if files else 'null' }}
    {%- else -%}
        {{ query }}
    {%- endif -%}
{%- endmacro %}
