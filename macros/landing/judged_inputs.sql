{#-
    What a judged table is made from, as JSON: `inputs`, the hash of all of it; `rules`, the hash without its own files and the
    tables that it refers to; `files`, the hash of each of its files. None when something can't be told to be the same.
    Arguments: compiled_code, judged_meta.
-#}
{% macro note_of_judged(compiled_code, judged_meta) %}
    {%- set inputs = input_hash(compiled_code) -%}
    {%- if inputs is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set judged_again = [landed_source(judged_meta).unique_id] -%}
    {%- for parent in judged_meta.references -%}
        {%- do judged_again.append('model.' ~ project_name ~ '.' ~ judged_model(parent)) -%}
    {%- endfor -%}
    {%- set files = {} -%}
    {%- set query -%}
        select landed_file, content_hash
        from {{ source('landing', 'landed_files') }}
        where source_name = '{{ judged_meta.source_name }}' and table_name = '{{ judged_meta.table_name }}'
        order by landed_file
    {%- endset -%}
    {%- for file in run_query(query).rows -%}
        {%- do files.update({file[0]: file[1]}) -%}
    {%- endfor -%}
    {{ return(tojson({
        'inputs': inputs, 'rules': input_hash(compiled_code, left_out=judged_again), 'files': files,
    })) }}
{% endmacro %}


{#- The source of a judged table. Argument: judged_meta. -#}
{% macro landed_source(judged_meta) %}
    {%- for node in graph.sources.values() if node.source_name == judged_meta.source_name and node.name == judged_meta.table_name -%}
        {{ return(node) }}
    {%- endfor -%}
{% endmacro %}


{#-
    The files that are as they were and are judged by the rules that were noted; none of them, where a rule differs.
    Arguments: inputs, noted (notes as JSON).
-#}
{% macro files_judged_alike(inputs, noted) %}
    {%- set now, before, files = fromjson(inputs), fromjson(noted), [] -%}
    {%- for file, content_hash in now.files.items() if now.rules == before.rules and before.files.get(file) == content_hash -%}
        {%- do files.append(file) -%}
    {%- endfor -%}
    {{ return(files) }}
{% endmacro %}
