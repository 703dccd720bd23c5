{#- A type of the contract or of a seed, as Spark calls it. -#}
{% macro spark_type(data_type) -%}
    {%- set names = {'varchar': 'string', 'text': 'string', 'double precision': 'double', 'integer': 'int', 'hugeint': 'decimal(38,0)'} -%}
    {{ return(names.get(data_type | lower, data_type | lower | replace(' ', '') | replace('numeric', 'decimal'))) }}
{%- endmacro %}


{#-
    dbt-spark opens its sessions without ANSI rules, under which a number that overflows becomes null. The models want the
    rules of the other engines: an error.
-#}
{% macro use_ansi() %}
    {% do run_statement('set spark.sql.ansi.enabled = true') %}
{% endmacro %}


{#- Runs a statement that returns no rows. -#}
{% macro run_statement(sql) %}
    {% call statement('no_rows') %}
        {{ sql }}
    {% endcall %}
{% endmacro %}


{#- Spark has no databases above its schemas. -#}
{% macro spark__generate_database_name(custom_database_name=none, node=none) -%}
    {{ return(none) }}
{%- endmacro %}
