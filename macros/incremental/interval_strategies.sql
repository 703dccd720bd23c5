{#-
    The incremental strategy `rebuild_intervals`, of facts that last from one month-end to another: the intervals of the customers
    that changed are written anew, and of all others those that begin or end in months that this build makes of everybody. By
    customer_sk; new rows take the place of those with their unique_key. The model finds them with is_interval_made().
-#}
{% macro get_incremental_rebuild_intervals_sql(arg_dict) %}
    {{ return(replace_made_intervals(arg_dict, 'rebuild_intervals')) }}
{% endmacro %}


{#- The strategy `publish_intervals`, of marts: the same by customer_key, and what was over before the published months goes. -#}
{% macro get_incremental_publish_intervals_sql(arg_dict) %}
    {{ return(replace_made_intervals(arg_dict, 'publish_intervals')) }}
{% endmacro %}


{#- Deletes the intervals that a build makes and those that are kept no longer; inserts what is made. Arguments: as replace_made_rows(). -#}
{% macro replace_made_intervals(arg_dict, strategy) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set key = arg_dict['unique_key'] | join(', ') -%}
    {%- set first_kept = first_kept_date(strategy) -%}
    delete from {{ arg_dict['target_relation'] }}
    where
        {{ made_intervals(strategy) }}
        or ({{ key }}) in (select {{ key }} from {{ arg_dict['temp_relation'] }})
        {%- if first_kept %}
        or valid_to <= {{ first_kept }}
        {%- endif %};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{%- endmacro %}


{#- The column by which a strategy tells whose intervals are made. -#}
{% macro interval_columns() %}
    {{ return({'rebuild_intervals': 'customer_sk', 'publish_intervals': 'customer_key'}) }}
{% endmacro %}


{#- The condition that tells the intervals which this build makes; see made_rows(). Argument: strategy. -#}
{% macro made_intervals(strategy) -%}
    {%- set column = interval_columns()[strategy] -%}
    {{ is_interval_made(existing_model('rebuild_window'), column, column, 'valid_from', 'valid_to') }}
{%- endmacro %}


{#-
    Is an interval one of a customer that changed, or does it begin or end in a month that this build makes of everybody?
    Arguments: window (relation of rebuild_window), column (of the window), subject, valid_from and valid_to (SQL; left out of
    what has one day).
-#}
{% macro is_interval_made(window, column, subject, valid_from, valid_to=none) -%}
    {%- set made = first_made_months(window) -%}
    {%- if made.is_everything -%}
        1 = 1
    {%- else -%}
        (
            {{ valid_from }} >= {{ first_day_of_month(made.of_all) }}
            {%- if valid_to %}
            or coalesce({{ valid_to }} >= {{ first_day_of_month(made.of_all) }}, false)
            {%- endif %}
            or {{ is_changed(window, column, subject) }}
        )
    {%- endif -%}
{%- endmacro %}


{#- The first day of the months that this build makes of everybody. -#}
{% macro first_day_made_of_all() -%}
    {{ first_day_of_month(first_made_months(ref('rebuild_window')).of_all) }}
{%- endmacro %}
