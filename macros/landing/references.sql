{#-
    The landed rows that others refer to: one row per key, with `is_accepted` and the accepted row's own columns.

    Arguments: relation (a judged table), key (its key column), columns (more columns of the accepted row).
-#}
{% macro parents(relation, key, columns=[]) -%}
    select
        {{ key }},
        max(case when rejection is null then 1 else 0 end) as is_accepted
        {%- for column in columns %},
        max(case when rejection is null then {{ column }} end) as {{ column }}
        {%- endfor %}
    from {{ relation }}
    -- the fields of a row of the wrong width can't be trusted, its key neither
    where {{ key }} is not null and coalesce(rejection, '') <> 'wrong_width|'
    group by {{ key }}
{%- endmacro %}


{#-
    `orphan|column` when the parent isn't there; null when it is accepted. `orphan|column|parent` when the parent was
    landed and rejected, or its whole table is absent: such rows don't count towards the share of rejected rows,
    because the cause is counted elsewhere.

    Arguments: parent (the joined CTE of `parents`), column (that refers to it), source_name and table_name (where
    the parent is landed).
-#}
{% macro orphan(parent, column, source_name, table_name) -%}
    case
        when {{ parent }}.is_accepted = 1 then null
        when {{ parent }}.is_accepted = 0 or not {{ is_landed(source_name, table_name) }} then 'orphan|{{ column }}|parent'
        else 'orphan|{{ column }}'
    end
{%- endmacro %}
