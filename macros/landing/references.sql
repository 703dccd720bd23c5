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
    `orphan|column|parent` when the parent isn't there or was rejected; null when it is accepted. `|parent` says that
    the row itself is not at fault: it doesn't count towards the share of rejected rows.

    Arguments: parent (the joined CTE of `parents`), column (that refers to it).
-#}
{% macro orphan(parent, column) -%}
    case when coalesce({{ parent }}.is_accepted, 0) = 0 then 'orphan|{{ column }}|parent' end
{%- endmacro %}


{#-
    Why a transaction can't stand by its account, as `reason|column`: that isn't there, or it was booked before the account was
    opened or after it was closed; null where it can. Arguments: transaction (relation or alias), account (the joined CTE of `parents`).
-#}
{% macro account_rejection(transaction, account) -%}
    case
        when {{ orphan(account, 'account_id') }} is not null then {{ orphan(account, 'account_id') }}
        when cast({{ transaction }}.booked_at as date) < {{ account }}.opened_date then 'impossible_date|booked_at'
        when cast({{ transaction }}.booked_at as date) > {{ account }}.closed_date then 'impossible_date|booked_at'
    end
{%- endmacro %}
