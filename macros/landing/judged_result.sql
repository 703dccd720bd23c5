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
