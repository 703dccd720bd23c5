{#-
    A model that keeps months is written in their order where all are made: what reads or deletes a month then skips the blocks
    of all others, where else it would find a few of its rows in each.

    One whose rows come from those of their own month, or of a few months before, says so in its meta (`is_made_by_month`,
    `months_read_before`): of a large bank a statement then makes some months at a time, so that neither its joins nor the order
    need more memory than these. Fewer months where it makes many rows of each customer on its way (`rows_per_customer`).

    A table with a wide row for each customer is made of some customers at a time, if its meta says so (`is_made_by_customer`).

    What it makes later is written once: its strategy inserts it from a view. So a model that reads its own rows finds them
    without those that are made again: it may read older ones alone. Arguments: as dbt-duckdb's own, which it calls.
-#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) %}
    {%- set has_strategy = config.get('incremental_strategy') in rebuilt_columns() -%}
    {%- if temporary and has_strategy -%}
        {{ return(temporary_view(relation, compiled_code)) }}
    {%- endif -%}
    {%- set keeps_months = not temporary and has_strategy -%}
    {%- set parts = [{'query': rows_in_order(compiled_code) if keeps_months else compiled_code, 'variables': {}}] -%}
    {%- if config.get('meta', {}).get('is_made_by_customer') -%}
        {%- set parts = [] -%}
        {%- for slice in customer_slices() -%}
            {%- set query = compiled_code | replace(first_key(), slice.first) | replace(key_after_last(), slice.after_last) -%}
            {%- do parts.append({'query': query, 'variables': {}}) -%}
        {%- endfor -%}
    {%- elif keeps_months and config.get('meta', {}).get('is_made_by_month') -%}
        {%- set parts = [] -%}
        {%- for slice in month_slices() -%}
            {%- do parts.append({'query': rows_in_order(compiled_code, slice.rows), 'variables': slice.variables}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set statements = [] -%}
    {%- for part in parts -%}
        {%- set statement -%}
            {%- if loop.first -%}
            {{ dbt.duckdb__create_table_as(temporary, relation, part.query, language, partitioned_by, sorted_by) }}
            {%- else -%}
            insert into {{ relation }} by name ({{ part.query }});
            {%- endif -%}
        {%- endset -%}
        {%- do statements.append(with_variables(part.variables, statement)) -%}
    {%- endfor -%}
    {{ return(statements | join('\n')) }}
{% endmacro %}


{#- A query under a name that lasts as long as the connection. Arguments: relation, compiled_code. -#}
{% macro temporary_view(relation, compiled_code) -%}
    {%- if config.get('contract').enforced %}
    {{ get_assert_columns_equivalent(compiled_code) }}
    {%- endif %}
    create temporary view {{ relation.include(database=false, schema=false) }} as (
    {{ compiled_code }}
    );
{%- endmacro %}


{#- A model's rows in the order of their months. Arguments: compiled_code, rows (the condition on those of a slice; else all). -#}
{% macro rows_in_order(compiled_code, rows='') -%}
    select * from (
    {{ compiled_code }}
    ) as model_in_order
    {{ 'where ' ~ rows if rows }}
    order by as_of_date
{%- endmacro %}
