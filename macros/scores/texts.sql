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


{#-
    A number for people: two decimals. By way of its digits: engines turn doubles into decimals each in its own way, some by
    multiplying, some by the first 15 digits. And by way of four decimals: arithmetic misses a tie by the last of a
    double's digits, on one engine and not on another. Null in, null out.
-#}
{% macro as_plain_number(value) -%}
    {%- set near = 'cast(cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ') as decimal(38, 4))' -%}
    cast(cast({{ near }} as decimal(18, 2)) as {{ dbt.type_string() }})
{%- endmacro %}
