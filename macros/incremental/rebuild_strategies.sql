{#-
    The incremental strategy `rebuild_months`, of sums over customers: the months that this build makes are deleted and written
    anew, and older months stay. Facts dated on or before a month-end alone decide its rows, so the first month that a new
    fact touches is where everything after it has to be made again.
-#}
{% macro get_incremental_rebuild_months_sql(arg_dict) %}
    {{ return(replace_made_rows(arg_dict, 'rebuild_months')) }}
{% endmacro %}


{#- The strategy `rebuild_customers`: the same of a customer's months, by customer_sk; the months of the unchanged stay. -#}
{% macro get_incremental_rebuild_customers_sql(arg_dict) %}
    {{ return(replace_made_rows(arg_dict, 'rebuild_customers')) }}
{% endmacro %}


{#- The strategy `rebuild_accounts`: the same of an account's months, by account_sk. -#}
{% macro get_incremental_rebuild_accounts_sql(arg_dict) %}
    {{ return(replace_made_rows(arg_dict, 'rebuild_accounts')) }}
{% endmacro %}


{#- The strategy `publish_months`, of marts: as rebuild_months, and months that are no longer published go. -#}
{% macro get_incremental_publish_months_sql(arg_dict) %}
    {{ return(delete_unpublished_months(arg_dict) ~ replace_made_rows(arg_dict, 'publish_months')) }}
{% endmacro %}


{#- The strategy `publish_customers`, of marts: the same of a customer's months, by customer_key. -#}
{% macro get_incremental_publish_customers_sql(arg_dict) %}
    {{ return(delete_unpublished_months(arg_dict) ~ replace_made_rows(arg_dict, 'publish_customers')) }}
{% endmacro %}


{#- Deletes what a build makes, and inserts it. Arguments: arg_dict (dbt's), strategy. -#}
{% macro replace_made_rows(arg_dict, strategy) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ made_rows(strategy) }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{%- endmacro %}


{#- Deletes the months before the first published one. Argument: arg_dict (dbt's). -#}
{% macro delete_unpublished_months(arg_dict) -%}
    delete from {{ arg_dict['target_relation'] }}
    where as_of_date < {{ first_published_date() }};
{% endmacro %}


{#- The column by which a strategy tells whose months are made; empty where whole months are. -#}
{% macro rebuilt_columns() %}
    {{ return({
        'rebuild_months': '', 'rebuild_customers': 'customer_sk', 'rebuild_accounts': 'account_sk',
        'publish_months': '', 'publish_customers': 'customer_key',
    }) }}
{% endmacro %}


{#-
    The condition that tells the rows which this build makes of a model that keeps months. For strategies and tests, which
    run when the window is long known and have no ref of their own. Argument: strategy.
-#}
{% macro made_rows(strategy) -%}
    {%- set column = rebuilt_columns()[strategy] -%}
    {{ is_month_end_made(existing_model('rebuild_window'), column, column, 'as_of_date') }}
{%- endmacro %}


{#- The first month-end that the marts publish, for strategies, which run when it is known and have no ref of their own. -#}
{% macro first_published_date() -%}
    {%- set query = 'select min(months.as_of_date) as as_of_date from ' ~ existing_model('published_months') ~ ' as months' -%}
    cast('{{ run_query(query).columns[0].values() | first }}' as date)
{%- endmacro %}
