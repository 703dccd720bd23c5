{#-
    A text with its blanks filled in: every {name} becomes the value of that name, nothing when it is null.

    Arguments: text (SQL expression), values ({name: SQL expression}).
-#}
{% macro filled_in(text, values) -%}
    {%- set filled = namespace(text=text) -%}
    {%- for name, value in values.items() -%}
        {%- set filled.text = "replace(" ~ filled.text ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}


{#- A number for people: two decimals, the same on every engine. Null in, null out. -#}
{% macro as_plain_number(value) -%}
    {{ return(adapter.dispatch('as_plain_number')(value)) }}
{%- endmacro %}

{% macro default__as_plain_number(value) -%}
    cast(cast({{ value }} as decimal(18, 2)) as {{ dbt.type_string() }})
{%- endmacro %}

{#- By way of its digits, as servers round: DuckDB multiplies first, and 78055555.545 became …54. -#}
{% macro duckdb__as_plain_number(value) -%}
    cast(cast(cast({{ value }} as varchar) as decimal(18, 2)) as varchar)
{%- endmacro %}
