{#-
    The columns of a landed table, as its sources YAML declares them, without what the loader adds.

    Arguments: source_name, table_name.
    Returns a list of {name, type, meta}; empty while dbt parses, when the graph isn't known yet.
-#}
{% macro landing_columns(source_name, table_name) %}
    {%- set columns = [] -%}
    {%- for node in graph.get('sources', {}).values() if node.source_name == source_name and node.name == table_name -%}
        {%- for column in node.columns.values() if not column.config.meta.get('is_added') -%}
            {%- do columns.append({"name": column.name, "type": column.data_type, "meta": column.config.meta}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#- The table's own entries of meta: key, stamp, is_optional. -#}
{% macro landing_meta(source_name, table_name) %}
    {%- for node in graph.get('sources', {}).values() if node.source_name == source_name and node.name == table_name -%}
        {{ return(node.config.meta) }}
    {%- endfor -%}
    {{ return({"key": []}) }}
{% endmacro %}


{#- A condition: has this table (or this column of it) been landed? -#}
{% macro is_landed(source_name, table_name, column_name=none) -%}
    exists (
        select 1
        from {{ source('landing', 'landed_columns') }} as landed_columns
        where
            landed_columns.source_name = '{{ source_name }}'
            and landed_columns.table_name = '{{ table_name }}'
            {%- if column_name %}
            and landed_columns.column_name = '{{ column_name }}'
            {%- endif %}
            and landed_columns.is_landed
    )
{%- endmacro %}


{#-
    The tables of the contract as a list of {source, name}. Named here, because dbt must know them before it knows
    the graph; a test compares the list with the sources.
-#}
{% macro landing_tables() %}
    {%- set tables = [] -%}
    {%- for source_name, names in {
        'core': ['customers', 'accounts', 'account_holders', 'transactions'],
        'wealth': ['positions', 'risk_assessments'],
        'lending': ['loans', 'loan_positions', 'credit_ratings'],
        'crm': ['consents', 'interactions', 'judgements'],
        'market': ['fx_rates', 'interest_rates', 'regions'],
    }.items() -%}
        {%- for name in names -%}
            {%- do tables.append({'source': source_name, 'name': name}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}


{#- A landed row's key as one text, as it was landed: its parts without white space, joined by `|`. -#}
{% macro landed_key(source_name, table_name) -%}
    {%- for name in landing_meta(source_name, table_name).key -%}
        coalesce({{ landed_text('landed.' ~ name) }}, ''){{ " || '|' || " if not loop.last }}
    {%- else -%}
        ''
    {%- endfor -%}
{%- endmacro %}


{#- How many descriptive columns the table with the most of them has. -#}
{% macro most_descriptive_columns() %}
    {%- set counts = [0] -%}
    {%- for table in landing_tables() -%}
        {%- do counts.append(
            landing_columns(table.source, table.name) | selectattr('meta.is_descriptive', 'defined') | list | length
        ) -%}
    {%- endfor -%}
    {{ return(counts | max) }}
{% endmacro %}
