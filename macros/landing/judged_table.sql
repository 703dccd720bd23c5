{#-
    A whole judged model: every row of a landed table, typed and judged by itself, against the other rows of its key
    and against the rows that it refers to.

    Arguments: source_name, table_name; codes, impossible_dates, rank: see judged_rows; references: list of
    {column, source, table} of the parents, in the order in which a missing one is blamed; without: columns that
    nobody needs after the rows have been compared.
-#}
{% macro judged_table(
    source_name, table_name, codes=none, impossible_dates=[], rank=none, references=[], without=[]
) %}
{{- config(meta={'judged': {
    'source_name': source_name, 'table_name': table_name, 'references': references,
}}) -}}
with {{ judged_rows(source_name, table_name, codes=codes, impossible_dates=impossible_dates, rank=rank) }},

{% for parent in references -%}
{{ parent.table }} as (
    {{ parents(ref(judged_model(parent)), parent.column) }}
),

{% endfor -%}
judged as (
    select
        deduplicated.*,
        coalesce(
            deduplicated.row_rejection
            {%- for parent in references %},
            {{ orphan(parent.table, parent.column) }}
            {%- endfor %}
        ) as rejection
    from deduplicated
    {%- for parent in references %}
    left join {{ parent.table }} on deduplicated.{{ parent.column }} = {{ parent.table }}.{{ parent.column }}
    {%- endfor %}
)

{{ judged_result('judged', source_name, table_name, without=without) }}
{% endmacro %}


{#- The model that judges the table that a reference is to. Argument: reference. -#}
{% macro judged_model(reference) -%} {{ return(reference.source ~ '__' ~ reference.table ~ '_judged') }} {%- endmacro %}
