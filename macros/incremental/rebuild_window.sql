{#-
    Does a date lie in the months to build, or in one of so many months before? So that a join reads and keeps no older rows
    of any of its inputs. Arguments: date (SQL), months_before.
-#}
{% macro is_rebuilt(date, months_before=0) -%}
    {{ is_month_end_made(ref('rebuild_window'), '', '', date, months_before) }}
{%- endmacro %}


{#- The same by the number of a month, or of one so many months later. Arguments: month_number (SQL), months_before. -#}
{% macro is_month_rebuilt(month_number, months_before=0) -%}
    {{ is_made(ref('rebuild_window'), '', '', month_number, months_before) }}
{%- endmacro %}


{#- Does this build make a customer's month, or a month so many months later? Arguments: SQL. -#}
{% macro is_customer_rebuilt(customer_sk, month_number, months_before=0) -%}
    {{ is_made(ref('rebuild_window'), 'customer_sk', customer_sk, month_number, months_before) }}
{%- endmacro %}


{#- The same by the date of a month-end. -#}
{% macro is_customer_month_end_rebuilt(customer_sk, date, months_before=0) -%}
    {{ is_month_end_made(ref('rebuild_window'), 'customer_sk', customer_sk, date, months_before) }}
{%- endmacro %}


{#-
    The rows that carry a customer's memory into the months that this build makes: those of the newest month before them, of
    whom it makes any. Hardly anybody has no row in the month just before, so that the rest of the table is looked through for these
    alone; of others rows may come along. Arguments: relation (that is carried on: has customer_sk and as_of_date),
    made_customers (whose months it makes).
-#}
{% macro carried_rows(relation, made_customers) -%}
    with just_before as (
        select *
        from {{ relation }}
        where
            {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date', 1) }}
            and not {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date') }}
    )

    select * from just_before
    union all
    select older.*
    from {{ relation }} as older
    inner join (
        select
            customer_sk,
            max(as_of_date) as as_of_date
        from {{ relation }}
        where
            not {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date') }}
            and customer_sk in (
                select made.customer_sk from {{ made_customers }} as made
                except
                select just_before.customer_sk from just_before
            )
        group by customer_sk
    ) as newest on older.customer_sk = newest.customer_sk and older.as_of_date = newest.as_of_date
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
    {{ is_made_from(made, made.first ~ before, made.of_all ~ before, window, column, subject, month_number) }}
{%- endmacro %}


{#-
    The same by the date of a month-end: engines know a table's dates block by block, so older months aren't even read.
    Arguments: window, column, subject, date (SQL), months_before.
-#}
{% macro is_month_end_made(window, column, subject, date, months_before=0) -%}
    {%- set made = first_made_months(window) -%}
    {%- set first = first_day_of_month('(' ~ made.first ~ ' - ' ~ months_before ~ ')') -%}
    {%- set of_all = first_day_of_month('(' ~ made.of_all ~ ' - ' ~ months_before ~ ')') -%}
    {{ is_made_from(made, first, of_all, window, column, subject, date) }}
{%- endmacro %}


{#-
    What both have in common. Arguments: made (first_made_months()), first and of_all (SQL of the first month or day), the others
    as there, period (SQL).

    Nuance: where everything is made no condition is written. DuckDB would take it that one row in five meets it, after five
    joins that there are no rows at all, and keep the largest of the tables in memory.
-#}
{% macro is_made_from(made, first, of_all, window, column, subject, period) -%}
    {%- if made.is_everything -%}
        1 = 1
    {%- elif not column or first == of_all -%}
        {{ period }} >= {{ first }}
    {%- elif made.is_of_the_changed -%}
        ({{ period }} >= {{ first }} and {{ is_changed(window, column, subject) }})
    {%- else -%}
        (
            {{ period }} >= {{ first }}
            and ({{ is_made_of_all(period, of_all) }} or {{ is_changed(window, column, subject) }})
        )
    {%- endif -%}
{%- endmacro %}


{#- Is an account or customer one of those that changed? Arguments: as is_made(). -#}
{% macro is_changed(window, column, subject) -%}
    {{ subject }} in (select made.{{ column }} from {{ window }} as made where made.{{ column }} is not null)
{%- endmacro %}


{#-
    The numbers of the first month that this build makes: of anybody, and of all customers; whether that is everything, or no
    month of all customers, or both, which can be made in parts. Numbers once the window is built, as it is before everything
    that asks, so that tables are read from that month on and not from the beginning; sub-selects until then, and in unit tests.
    Argument: window (relation of rebuild_window).
-#}
{% macro first_made_months(window) %}
    {%- set first = 'min(made.rebuild_from_month_number)' -%}
    {%- set of_all = 'min(case when made.account_sk is null and made.customer_sk is null then made.rebuild_from_month_number end)' -%}
    {%- if execute and '__dbt__cte__' not in window | string and load_relation(window) -%}
        {%- set months = existing_model('ledger_months') -%}
        {%- set oldest = '(select min(months.month_number) from ' ~ months ~ ' as months)' -%}
        {%- set newest = '(select max(months.month_number) from ' ~ months ~ ' as months)' -%}
        {%- set row = run_query('select ' ~ [first, of_all, oldest, newest] | join(', ') ~ ' from ' ~ window ~ ' as made').rows[0] -%}
        {%- set is_everything = row[2] is none or row[1] | int <= row[2] | int -%}
        {%- set is_of_the_changed = not is_everything and row[1] | int > row[3] | int -%}
        {%- set has_parts = not is_everything and not is_of_the_changed and row[0] | int < row[1] | int -%}
        {%- if has_parts and target.type == 'duckdb' -%}
            {%- set first_of_part = '(case ' ~ made_part() ~ " when 'all' then " ~ (row[1] | int) ~ ' else ' ~ (row[0] | int) ~ ' end)' -%}
        {%- endif -%}
        {{ return({
            'first': first_of_part or row[0] | int, 'of_all': row[1] | int, 'is_everything': is_everything,
            'is_of_the_changed': is_of_the_changed, 'has_parts': has_parts,
        }) }}
    {%- endif -%}
    {{ return({
        'first': '(select ' ~ first ~ ' from ' ~ window ~ ' as made)',
        'of_all': '(select ' ~ of_all ~ ' from ' ~ window ~ ' as made)',
        'is_everything': false, 'is_of_the_changed': false, 'has_parts': false,
    }) }}
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
