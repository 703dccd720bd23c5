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
    {{ return(replace_made_rows(arg_dict, 'publish_months')) }}
{% endmacro %}


{#- The strategy `publish_customers`, of marts: the same of a customer's months, by customer_key. -#}
{% macro get_incremental_publish_customers_sql(arg_dict) %}
    {{ return(replace_made_rows(arg_dict, 'publish_customers')) }}
{% endmacro %}


{#- Deletes what a build makes and the months that are kept no longer; inserts what is made. Arguments: arg_dict (dbt's), strategy. -#}
{% macro replace_made_rows(arg_dict, strategy) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set first_kept = first_kept_date(strategy) -%}
    {%- if first_kept %}
    delete from {{ arg_dict['target_relation'] }}
    where as_of_date < {{ first_kept }};
    {%- endif %}

    {%- for part in made_parts(strategy) %}
    {%- set statements %}
    delete from {{ arg_dict['target_relation'] }}
    where {{ made_rows(strategy) }}{{ ' and ' ~ part.rows if part.rows }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
    {{ 'where ' ~ part.rows if part.rows }};
    {%- endset %}
    {{ with_variables(part.variables, statements) }}
    {%- endfor %}
{%- endmacro %}


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


{#-
    The date from which on a model keeps its months; empty where it keeps all. A model whose meta names a rule parameter as
    `newest_months` keeps as many of the newest months as that says, another mart those that are published. For strategies,
    which run when all that is known and have no ref of their own. Argument: strategy.
-#}
{% macro first_kept_date(strategy) -%}
    {%- set parameter = config.get('meta', {}).get('newest_months') -%}
    {%- if parameter -%}
        {%- set query -%}
            select max(months.month_number) + 1 - cast((
                select parameters.value from {{ existing_model('rule_parameters') }} as parameters
                where parameters.parameter_code = '{{ parameter }}'
            ) as integer)
            from {{ existing_model('ledger_months') }} as months
        {%- endset -%}
        {{ first_day_of_month(run_query(query).columns[0].values() | first | int) }}
    {%- elif strategy.startswith('publish') -%}
        {%- set query -%}
            select min(months.as_of_date) from {{ existing_model('published_months') }} as months
        {%- endset -%}
        cast('{{ run_query(query).columns[0].values() | first }}' as date)
    {%- endif -%}
{%- endmacro %}
