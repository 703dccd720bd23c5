{#-
    A landed table's rows, each judged by itself and against the other rows of its key: the chain of CTEs
    `typed` → `alone` → `deduplicated`, to be put after `with` or another CTE's comma. The model that calls it goes
    on with the references to other tables.

    Arguments: source_name, table_name; codes, impossible_dates: see rows_alone; rank: see deduplicated_rows.
-#}
{% macro judged_rows(source_name, table_name, codes=none, impossible_dates=[], rank=none) %}
{%- set has_text = carries_landed_text() -%}
{{ rows_alone(source_name, table_name, codes=codes, impossible_dates=impossible_dates, has_text=has_text) }},

{{ deduplicated_rows(source_name, table_name, rank=rank, has_text=has_text) }}
{% endmacro %}


{#-
    A landed table's rows, each judged by itself: the CTEs `typed` → `alone`. `alone` has the typed columns, the row's own
    landed_file, landed_row, landed_text, landed_key, and
        row_rejection   `reason|column`, with `|parent` when another table is the cause; null while the row stands
        warnings        `reason|column;…` for bad descriptive values that became null

    Arguments: source_name, table_name; codes: the relation of canonical codes, where the table has coded columns;
    impossible_dates: list of {column, condition}; landed: the relation of the rows, where it isn't the source; has_text: with
    landed_text and landed_key.
-#}
{% macro rows_alone(source_name, table_name, codes=none, impossible_dates=[], landed=none, has_text=true) %}
{%- set columns = landing_columns(source_name, table_name) -%}
{%- set ranged = columns | selectattr('meta.is_descriptive', 'defined') | list -%}
typed as (
    {{ typed_rows(source_name, table_name, codes, landed) }}
),

alone as (
    select
        landed_file,
        landed_row,
        {%- if has_text %}
        landed_text,
        landed_key,
        {%- endif %}
        {%- for column in columns %}
        {%- set contradictions = impossible_dates | selectattr('column', 'equalto', column.name) | list %}
        {%- if column.meta.is_descriptive and (column.meta.minimum is defined or column.meta.maximum is defined) %}
        case when not is_{{ column.name }}_out_of_range then {{ column.name }} end as {{ column.name }},
        {%- elif column.meta.is_descriptive and contradictions %}
        case
            {%- for contradiction in contradictions %}
            when {{ contradiction.condition }} then null
            {%- endfor %}
            else {{ column.name }}
        end as {{ column.name }},
        {%- else %}
        {{ column.name }},
        {%- endif %}
        {%- endfor %}
        {{ nulled_values(source_name, table_name, impossible_dates) }} as warnings,
        {{ rejection_of_row(
            source_name, table_name, impossible_dates
            | rejectattr('column', 'in', ranged | map(attribute='name') | list) | list
        ) }} as row_rejection
    from typed
)
{% endmacro %}
