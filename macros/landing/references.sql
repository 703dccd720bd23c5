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
    where {{ key }} is not null
    group by {{ key }}
{%- endmacro %}


{#-
    `orphan|column` when the parent isn't there, `orphan|column|rejected` when it was landed and rejected; null
    when it is accepted. Rows of the second kind don't count towards the share of rejected rows: their parent does.

    Arguments: parent (the joined CTE of `parents`), column (that refers to it).
-#}
{% macro orphan(parent, column) -%}
    case
        when {{ parent }}.is_accepted = 0 then 'orphan|{{ column }}|rejected'
        when {{ parent }}.is_accepted is null then 'orphan|{{ column }}'
    end
{%- endmacro %}
