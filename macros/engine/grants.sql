{#-
    What lets a role into a department's schema; what it may select there is dbt's `grants`. Nothing where the engine has no
    roles or no prefix names them.
-#}
{% macro grant_schema_usage(schema, department) -%}
    {%- set prefix = env_var('DEPOSITS_ROLE_PREFIX', '') -%}
    {%- if prefix -%}
        {{ return(adapter.dispatch('grant_schema_usage')(schema, prefix ~ department)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__grant_schema_usage(schema, role) -%} grant usage on schema {{ schema }} to {{ role }} {%- endmacro %}
{% macro duckdb__grant_schema_usage(schema, role) -%} {%- endmacro %}
{% macro spark__grant_schema_usage(schema, role) -%} {%- endmacro %}

{#- Two models of a schema that are built at the same time would grant at the same time, which PostgreSQL refuses. -#}
{% macro postgres__grant_schema_usage(schema, role) -%}
    do $$
    begin
        perform pg_advisory_xact_lock(hashtext('{{ schema }}'));
        if not has_schema_privilege('{{ role }}', '{{ schema }}', 'usage') then
            grant usage on schema {{ schema }} to {{ role }};
        end if;
    end
    $$
{%- endmacro %}
