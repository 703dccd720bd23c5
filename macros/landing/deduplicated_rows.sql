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
