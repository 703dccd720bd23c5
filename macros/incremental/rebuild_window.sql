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
    {{ is_made(existing_model('rebuild_window'), column, column, month_number('as_of_date')) }}
{%- endmacro %}


{#- The first month-end that the marts publish, for strategies, which have no ref of their own. -#}
{% macro first_published_date() -%}
    (select min(months.as_of_date) as as_of_date from {{ existing_model('published_months') }} as months)
{%- endmacro %}


{#- The number of the first month that this build makes of any customer: from there on whole months are made. -#}
{% macro first_rebuilt_month() -%}
    {{ first_made_months(ref('rebuild_window')).first }}
{%- endmacro %}


{#- Does a date lie in the months to build? So that a join reads and keeps no older rows of any of its inputs. -#}
{% macro is_rebuilt(date) -%}
    {{ date }} >= {{ first_day_of_month(first_rebuilt_month()) }}
{%- endmacro %}


{#- Does this build make a customer's month, or a month so many months later? Arguments: SQL. -#}
{% macro is_customer_rebuilt(customer_sk, month_number, months_before=0) -%}
    {{ is_made(ref('rebuild_window'), 'customer_sk', customer_sk, month_number, months_before) }}
{%- endmacro %}


{#- Does this build make an account's month? Arguments: as is_customer_rebuilt(). -#}
{% macro is_account_rebuilt(account_sk, month_number, months_before=0) -%}
    {{ is_made(ref('rebuild_window'), 'account_sk', account_sk, month_number, months_before) }}
{%- endmacro %}


{#- Does this build make a customer's month, by its published key? -#}
{% macro is_customer_key_rebuilt(customer_key, month_number) -%}
    {{ is_made(ref('rebuild_window'), 'customer_key', customer_key, month_number) }}
{%- endmacro %}


{#-
    Is a month one that this build makes, or up to months_before months older than one? Without a column whole months are
    made, and so they are when the window names nobody. Arguments: window (relation of rebuild_window), column (of the window),
    subject and month_number (SQL), months_before.
-#}
{% macro is_made(window, column, subject, month_number, months_before=0) -%}
    {%- set made = first_made_months(window) -%}
    {%- set before = ' - ' ~ months_before if months_before else '' -%}
    {%- if not column or made.first == made.of_all -%}
        {{ month_number }} >= {{ made.first }}{{ before }}
    {%- else -%}
        (
            {{ month_number }} >= {{ made.first }}{{ before }}
            and (
                {{ month_number }} >= {{ made.of_all }}{{ before }}
                or {{ subject }} in (
                    select made.{{ column }} from {{ window }} as made where made.{{ column }} is not null
                )
            )
        )
    {%- endif -%}
{%- endmacro %}


{#-
    The numbers of the first month that this build makes: of anybody, and of all customers. Numbers once the window is built,
    as it is before everything that asks, so that tables are read from that month on and not from the beginning; sub-selects
    until then, and in unit tests. Argument: window (relation of rebuild_window).
-#}
{% macro first_made_months(window) %}
    {%- set first = 'min(made.rebuild_from_month_number)' -%}
    {%- set of_all = 'min(case when made.account_sk is null and made.customer_sk is null then made.rebuild_from_month_number end)' -%}
    {%- if execute and '__dbt__cte__' not in window | string and load_relation(window) -%}
        {%- set row = run_query('select ' ~ first ~ ', ' ~ of_all ~ ' from ' ~ window ~ ' as made').rows[0] -%}
        {{ return({'first': row[0] | int, 'of_all': row[1] | int}) }}
    {%- endif -%}
    {{ return({
        'first': '(select ' ~ first ~ ' from ' ~ window ~ ' as made)',
        'of_all': '(select ' ~ of_all ~ ' from ' ~ window ~ ' as made)',
    }) }}
{% endmacro %}


{#-
    What the last complete build noted under a name (built_months, built_files, built_accounts, built_fingerprints); none when
    it can't be built upon: on a full refresh, before the first complete build, or when a model that keeps rows doesn't exist
    yet.

    Nuance: the notes are written after everything that reads them, so they are looked up by name: a ref would close a
    circle.
-#}
{% macro built_relation(name) %}
    {%- if not execute or flags.FULL_REFRESH -%}
        {{ return(none) }}
    {%- endif -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'incremental' -%}
        {%- if existing_relation(node) is none -%}
            {{ return(none) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(adapter.get_relation(database=target.database, schema='qc', identifier=name)) }}
{% endmacro %}


{#-
    Is a fact nobody's own, so that it makes the months of all customers again? Arguments: SQL of the account and the customer
    that it is about, or null.
-#}
{% macro is_shared_fact(account_sk, customer_sk) %}
    {{ return(adapter.dispatch('is_shared_fact')(account_sk, customer_sk)) }}
{% endmacro %}

{#- Whatever is about an account or a customer is its own. -#}
{% macro default__is_shared_fact(account_sk, customer_sk) -%}
    coalesce({{ account_sk }}, {{ customer_sk }}) is null
{%- endmacro %}

{#- Spark overwrites whole partitions, which are months: all facts are everybody's. -#}
{% macro spark__is_shared_fact(account_sk, customer_sk) -%}
    true
{%- endmacro %}


{#- The relation of a node as it stands in the database; none before its first build. -#}
{% macro existing_relation(node) %}
    {{ return(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) }}
{% endmacro %}


{#- The relation of a model by its name, where a ref can't be: for what is built long before. -#}
{% macro existing_model(name) %}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type == 'model' and node.name == name -%}
        {{ return(existing_relation(node)) }}
    {%- endfor -%}
{% endmacro %}
