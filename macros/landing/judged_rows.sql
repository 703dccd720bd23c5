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
    Does a row carry its text and its key through all steps of its judgement? Else they are looked up afterwards, of the few
    rows that don't stand or are warned of: that is quicker where the steps are written down and the landing is cheap to read.
-#}
{% macro carries_landed_text() %}
    {{ return(adapter.dispatch('carries_landed_text')()) }}
{% endmacro %}

{% macro default__carries_landed_text() %} {{ return(false) }} {% endmacro %}

{#- Spark would judge twice: it writes no step down. -#}
{% macro spark__carries_landed_text() %} {{ return(true) }} {% endmacro %}


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


{#-
    The CTE `alone` judged against the other rows of its key: the chain of CTEs `repeated_keys` → `deduplicated`, which
    has the columns of `alone`; its row_rejection says too which rows of a key don't stand.

    Arguments: source_name, table_name; rank: for tables without a stamp where one of several rows of a key outranks the
    others: {expression (smallest stands), reason}; has_text: as in rows_alone.

    Nuance: only keys that are landed more than once are ordered; all other rows pass without a sort.
-#}
{% macro deduplicated_rows(source_name, table_name, rank=none, has_text=true) %}
{%- set columns = landing_columns(source_name, table_name) -%}
{%- set meta = landing_meta(source_name, table_name) -%}
{%- set key = meta.key -%}
repeated_keys as (
    select {{ key | join(', ') or 'row_rejection' }}
    from alone
    where row_rejection is null
    group by {{ key | join(', ') or 'row_rejection' }}
    having count(*) > 1
),

contested as (
    select
        alone.*,
        {{ content_hash(columns) }} as content_hash,
        {% if meta.stamp -%}
        coalesce(alone.{{ meta.stamp }}, cast('0001-01-01' as timestamp))
        {%- else -%}
        cast('0001-01-01' as timestamp)
        {%- endif %} as version_stamp,
        {% if rank %}{{ rank.expression }}{% else %}0{% endif %} as version_rank
    from alone
    inner join repeated_keys
        on {% for name in key %}alone.{{ name }} = repeated_keys.{{ name }}{{ ' and ' if not loop.last }}{% else %}true{% endfor %}
    where alone.row_rejection is null
),

ranked as (
    select
        *,
        min(version_rank) over (partition by {{ key | join(', ') or '1' }}) as best_rank
    from contested
),

versions as (
    select
        *,
        min(content_hash) over ({{ version_window(key) }}) = max(content_hash) over ({{ version_window(key) }})
            as is_one_version,
        row_number() over ({{ version_window(key) }} order by {{ by_bytes('landed_file') }}, landed_row)
            as resend_number
    from ranked
),

compared as (
    select
        *,
        max(case when is_one_version then version_stamp end) over (partition by {{ key | join(', ') or '1' }}, version_rank)
            as newest_stamp
    from versions
),

deduplicated as (
    select
        {{ judged_columns(columns, has_text) }}
        row_rejection
    from alone
    where
        row_rejection is not null
        or not exists (
            select 1
            from repeated_keys
            where {% for name in key %}alone.{{ name }} = repeated_keys.{{ name }}{{ ' and ' if not loop.last }}{% else %}true{% endfor %}
        )

    union all

    select
        {{ judged_columns(columns, has_text) }}
        case
            {%- if rank %}
            when version_rank > best_rank then '{{ rank.reason }}|'
            {%- endif %}
            when not is_one_version then 'version_conflict|'
            when resend_number > 1 then 'resend|'
            when version_stamp < newest_stamp then 'older_version|'
        end as row_rejection
    from compared
)
{% endmacro %}


{#- The window of the rows that claim to be the same version of a key. -#}
{% macro version_window(key) -%}
    partition by {{ key | join(', ') or '1' }}, version_stamp, version_rank
{%- endmacro %}


{#- The select list that every step of a judgement hands on. -#}
{% macro judged_columns(columns, has_text) -%}
    landed_file,
        landed_row,
        {%- if has_text %}
        landed_text,
        landed_key,
        {%- endif %}
        {%- for column in columns %}
        {{ column.name }},
        {%- endfor %}
        warnings,
{%- endmacro %}


{#- One text that differs when any typed column differs. -#}
{% macro content_hash(columns) -%}
    md5(
        ''
        {%- for column in columns %}
        || coalesce(cast(alone.{{ column.name }} as {{ dbt.type_string() }}), chr(1)) || chr(2)
        {%- endfor %}
    )
{%- endmacro %}


{#-
    The end of a judged model: its columns, without what isn't needed any more. A row that stands keeps no copy of
    itself as text, and nobody's name, telephone number or address; a key as it was landed has a row that doesn't stand, or
    is warned of.

    Arguments: judged (the CTE with `rejection`, the last of the chain), source_name, table_name, without (columns to leave
    out).
-#}
{% macro judged_result(judged, source_name, table_name, without=[]) -%}
{%- set texts = judged if carries_landed_text() else 'landed_texts' -%}
{%- if not carries_landed_text() -%}
,

faulty as (
    select landed_file, landed_row
    from {{ judged }}
    where rejection is not null or warnings is not null
),

landed_texts as (
    select
        landed.landed_file,
        landed.landed_row,
        landed.landed_text,
        {{ landed_key(source_name, table_name) }} as landed_key
    from {{ source(source_name, table_name) }} as landed
    inner join faulty on landed.landed_file = faulty.landed_file and landed.landed_row = faulty.landed_row
)
{%- endif %}

select
    {{ judged }}.landed_file,
    {{ judged }}.landed_row,
    case when {{ judged }}.rejection is not null then {{ texts }}.landed_text end as landed_text,
    case when {{ judged }}.rejection is not null or {{ judged }}.warnings is not null then {{ texts }}.landed_key end
        as landed_key,
    {%- for column in landing_columns(source_name, table_name) if column.name not in without %}
    {{ judged }}.{{ column.name }},
    {%- endfor %}
    {{ judged }}.warnings,
    {{ judged }}.rejection
from {{ judged }}
{%- if not carries_landed_text() %}
left join landed_texts
    on {{ judged }}.landed_file = landed_texts.landed_file and {{ judged }}.landed_row = landed_texts.landed_row
{%- endif %}
{%- endmacro %}
