{#-
    A table that is made again only when what it is made from differs: its SQL, the files of the landed tables that it reads,
    the rows of its seeds and of small models (meta: `is_hashed_by_rows`), the tables of this kind that it reads, or the secret
    key. It stays on the word of a hash of all that, which is the comment of the table and so goes wherever the table goes.

    For models whose inputs are all of these kinds and in their depends_on: what else a model looks up by name (`built_relation`,
    `existing_model`), the hash wouldn't see. A model that reads anything else is made each time, as by `table`.

    A judged table (meta: `judged`) notes its files beside the hash. While nothing else of its own differs, only rows that can
    be judged otherwise than the last time are judged again (`judge_again`); all others stay.
-#}
{% materialization kept_table, adapter='duckdb' %}
    {%- set judged_meta = config.get('meta', {}).get('judged') -%}
    {%- set inputs = note_of_judged(compiled_code, judged_meta) if judged_meta else input_hash(compiled_code) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set noted = noted_inputs(existing) if existing is not none and not should_full_refresh() -%}
    {%- if inputs and inputs == noted -%}
        {%- call noop_statement('main', 'KEPT') -%}-- its inputs are those it was made from{%- endcall -%}
        {{ return({'relations': [existing]}) }}
    {%- endif -%}
    {%- set kept_files = files_judged_alike(inputs, noted) if judged_meta and inputs and noted else [] -%}
    {%- if kept_files -%}
        {%- do note_inputs(existing, none) -%}
        {%- do judge_again(existing, compiled_code, judged_meta, fromjson(inputs).files, kept_files) -%}
    {%- else -%}
        {%- do materialization_table_duckdb() -%}
    {%- endif -%}
    {#- after the commit: a run that ends before it leaves a table without a note, to be made again -#}
    {%- do note_inputs(this, inputs) if inputs -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}


{#-
    One hash of all that the model now run is made from; none when it reads something that can't be told to be the same.
    Arguments: compiled_code, left_out (unique ids of inputs).
-#}
{% macro input_hash(compiled_code, left_out=[]) %}
    {%- set parts = ["'" ~ local_md5(compiled_code) ~ "'", keyed_hash("'secret key'")] -%}
    {%- for parent in model.depends_on.nodes | reject('in', left_out) | sort -%}
        {%- do parts.append(hash_of_input(graph.nodes.get(parent) or graph.sources[parent])) -%}
    {%- endfor -%}
    {{ return(run_query('select md5(' ~ parts | join(" || ' ' || ") ~ ')').rows[0][0]) }}
{% endmacro %}


{#- The hash of one input as SQL, null when it has none. Argument: node (of the graph). -#}
{% macro hash_of_input(node) -%}
    {%- if node.resource_type == 'source' and node.source_name != 'landing' -%}
        (
            select coalesce(string_agg(files.landed_file || ' ' || files.content_hash, ' ' order by files.landed_file), '')
            from {{ source('landing', 'landed_files') }} as files
            where files.source_name = '{{ node.source_name }}' and files.table_name = '{{ node.name }}'
        )
    {%- elif node.resource_type in ('source', 'seed') or node.config.meta.get('is_hashed_by_rows') -%}
        (select coalesce(sum({{ row_fingerprint(['input']) }}), 0) from {{ node.relation_name }} as input)
    {%- elif node.config.materialized == 'kept_table' -%}
        ({{ comment_of_table(existing_relation(node)) }})
    {%- else -%}
        cast(null as text)
    {%- endif -%}
{%- endmacro %}


{#- What a table was made from, as it was noted; none where it isn't. Argument: relation. -#}
{% macro noted_inputs(relation) %}
    {%- for row in run_query(comment_of_table(relation)).rows -%}
        {{ return(row[0]) }}
    {%- endfor -%}
{% endmacro %}


{#- Notes what a table was made from, or that this isn't known. Arguments: relation, inputs (text or none). -#}
{% macro note_inputs(relation, inputs) %}
    {%- set note = 'null' if inputs is none else "'" ~ inputs | replace("'", "''") ~ "'" -%}
    {%- do run_query('comment on table ' ~ relation ~ ' is ' ~ note) -%}
    {%- do adapter.commit() -%}
{% endmacro %}


{#- A query of the comment of a table. Argument: relation. -#}
{% macro comment_of_table(relation) -%}
    select tables.comment
    from duckdb_tables() as tables
    where
        tables.database_name = '{{ relation.database }}'
        and tables.schema_name = '{{ relation.schema }}'
        and tables.table_name = '{{ relation.identifier }}'
{%- endmacro %}
