{#-
    Judges a table's rows again where that can come out otherwise: of files that came, were changed or are gone, of the same
    keys as these in whatever file, and those whose parents are accepted now, or no longer. All other rows stay as they are.
    A row is compared only with rows of its key, so the table's own SQL over these rows says what it would say over all.

    Arguments: existing (the table), compiled_code, judged_meta, files (landed now, with their hashes), kept_files (those that are the same).
-#}
{% macro judge_again(existing, compiled_code, judged_meta, files, kept_files) %}
    {%- set key = landing_meta(judged_meta.source_name, judged_meta.table_name).key -%}
    {%- set source_name = landed_source(judged_meta).relation_name -%}
    {%- set came = in_files(files.keys() | reject('in', kept_files) | list) -%}
    {%- set stays = in_files(kept_files) -%}
    {%- set new_rows = '(select * from ' ~ source_name ~ ' where ' ~ came ~ ')' -%}
    {%- set orphans = [] -%}
    {%- for parent in judged_meta.references -%}
        {%- do orphans.append(orphan(parent.table, parent.column)) -%}
    {%- endfor -%}

    {%- call statement('rows_again', auto_begin=false) -%}
    create or replace temp table rows_again as
    with keys as (
        select {{ key | join(', ') }}
        from ({{ compiled_code | replace(source_name, new_rows) }})
        union
        select {{ key | join(', ') }}
        from {{ existing }}
        where not ({{ stays }})
    )
    {%- for parent in judged_meta.references %},

    {{ parent.table }} as (
        {{ parents(existing_model(judged_model(parent)), parent.column) }}
    )
    {%- endfor %}

    select
        judged.landed_file,
        judged.landed_row
    from {{ existing }} as judged
    semi join keys on {% for name in key %}judged.{{ name }} = keys.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
    where {{ stays }}
    {%- if orphans %}
    union
    select
        judged.landed_file,
        judged.landed_row
    from {{ existing }} as judged
    {%- for parent in judged_meta.references %}
    left join {{ parent.table }} on judged.{{ parent.column }} = {{ parent.table }}.{{ parent.column }}
    {%- endfor %}
    where
        {{ stays }}
        and (judged.rejection is null or judged.rejection like 'orphan|%')
        and judged.rejection is distinct from coalesce({{ orphans | join(', ') }})
    {%- endif %}
    {%- endcall -%}

    {%- set files_again = run_query('select distinct landed_file from rows_again order by landed_file').columns[0].values() -%}
    {%- set rows -%}
    (
        select * from {{ source_name }} where {{ came }}
        union all
        select landed.*
        from {{ source_name }} as landed
        semi join rows_again
            on landed.landed_file = rows_again.landed_file and landed.landed_row = rows_again.landed_row
        where landed.{{ in_files(files_again) }}
    )
    {%- endset -%}
    {%- call statement('judged_again', auto_begin=false) -%}
    create or replace temp table judged_again as {{ compiled_code | replace(source_name, rows) }}
    {%- endcall -%}

    {%- call statement('main') -%}
    delete from {{ existing }}
    where not ({{ stays }}) or (landed_file, landed_row) in (select landed_file, landed_row from rows_again);

    insert into {{ existing }} by name
    select * from judged_again;
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {%- do run_query('drop table rows_again; drop table judged_again') -%}
{% endmacro %}


{#- Is a landed row of one of these files? Argument: files (names). -#}
{% macro in_files(files) -%}
    landed_file in ({{ quoted(files | map('replace', "'", "''")) if files else 'null' }})
{%- endmacro %}
