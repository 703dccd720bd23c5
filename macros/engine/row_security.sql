{#-
    On a server with row-level security: the schema `access`, where the bank keeps which login is which relationship
    manager, and the one function by which a login learns whose customers are its own. Afterwards, for the tables of
    `own_customers_only`. Nothing elsewhere, or where no prefix names the roles.
-#}
{% macro relationship_manager_access(managers) -%}
    {%- set prefix = env_var('DEPOSITS_ROLE_PREFIX', '') -%}
    {%- if prefix -%}
        {{ return(adapter.dispatch('relationship_manager_access')(managers, prefix ~ 'relationship_manager')) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__relationship_manager_access(managers, role) -%} {%- endmacro %}

{#-
    The function runs with the rights of its owner, dbt's login, so that a manager can read neither the mapping nor the
    key. It asks for the session's user, whom `set role` doesn't change. A policy finds it without usage of its schema.
-#}
{% macro postgres__relationship_manager_access(managers, role) -%}
    create schema if not exists access;
    create table if not exists access.relationship_manager_logins (
        login_name text not null,
        relationship_manager_id text not null,
        primary key (login_name, relationship_manager_id)
    );
    create or replace function access.own_customer_keys() returns setof text
    language sql stable security definer set search_path = pg_catalog
    as $$
        select managers.customer_key
        from {{ managers }} as managers
        where managers.relationship_manager_key in (
            select {{ keyed_hash('trim(logins.relationship_manager_id)') }}
            from access.relationship_manager_logins as logins
            where logins.login_name = session_user
        )
    $$;
    revoke all on function access.own_customer_keys() from public;
    grant execute on function access.own_customer_keys() to {{ role }}
{%- endmacro %}


{#-
    A table of which a relationship manager sees the rows of the own customers, and its department all of them. Nothing
    where the engine has no row-level security or no prefix names the roles.
-#}
{% macro own_customers_only(relation, department) -%}
    {%- set managers = ref('stg_core__customer_managers') -%}
    {%- set prefix = env_var('DEPOSITS_ROLE_PREFIX', '') -%}
    {%- if prefix -%}
        {%- set manager_role = prefix ~ 'relationship_manager' -%}
        {{ return(adapter.dispatch('own_customers_only')(relation, prefix ~ department, manager_role)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__own_customers_only(relation, role, manager_role) -%} {%- endmacro %}

{#- dbt makes tables anew, so their policies come with them, in the transaction that swaps them. -#}
{% macro postgres__own_customers_only(relation, role, manager_role) -%}
    alter table {{ relation }} enable row level security;
    drop policy if exists department on {{ relation }};
    create policy department on {{ relation }} for select to {{ role }} using (true);
    drop policy if exists own_customers on {{ relation }};
    create policy own_customers on {{ relation }} for select to {{ manager_role }}
    using (customer_key in (select access.own_customer_keys()))
{%- endmacro %}
