{#-
    Stops a full refresh of a selection that would lose months or files: an incremental model is made from nothing, but of
    what it reads something would hold only what the last build made. Called as a run starts.

    Error: names the models to select too.
-#}
{% macro assert_full_refresh_is_whole() %}
    {%- if execute and flags.FULL_REFRESH and flags.WHICH in ['run', 'build'] -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
        {%- set partial = partial_models(models) -%}
        {%- set lost, missing = [], [] -%}
        {%- for node in models if node.config.materialized == 'incremental' and node.unique_id in selected_resources -%}
            {%- set unselected = partial_ancestors(node, partial) | reject('in', selected_resources) | list -%}
            {%- if unselected -%}
                {%- do lost.append(node.name) -%}
                {%- do missing.extend(unselected | map('replace', 'model.' ~ project_name ~ '.', '')) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if lost -%}
            {%- do exceptions.raise_compiler_error(
                'A full refresh of this selection would lose what ' ~ lost | sort | join(', ') ~ ' keep. Leave out --select,'
                ~ ' or --full-refresh, or select too: ' ~ missing | unique | sort | join(', ') ~ '.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#-
    The models that hold only what a build makes, by unique_id: those that say from where on to build, and what is made of
    them up to the incremental models, which keep everything. Argument: models (nodes of the graph).
-#}
{% macro partial_models(models) %}
    {%- set partial, queue = {}, models | selectattr('name', 'in', ['rebuild_window', 'stg_landing__transaction_files']) | list -%}
    {%- for _ in models if queue -%}
        {%- set node = queue.pop() -%}
        {%- do partial.update({node.unique_id: node}) -%}
        {%- for child in models
            if node.unique_id in child.depends_on.nodes
            and child.config.materialized != 'incremental' and child.unique_id not in partial and child not in queue -%}
            {%- do queue.append(child) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(partial) }}
{% endmacro %}


{#- Those of partial_models() that a node reads, and what they read. Arguments: node (of the graph), partial. -#}
{% macro partial_ancestors(node, partial) %}
    {%- set found, queue = [], [node] -%}
    {%- for _ in partial.values() | list + [node] if queue -%}
        {%- set reader = queue.pop() -%}
        {%- for parent in reader.depends_on.nodes if parent in partial and parent not in found -%}
            {%- do found.append(parent) -%}
            {%- do queue.append(partial[parent]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
