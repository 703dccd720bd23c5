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


{#- Has a text blanks that aren't filled in? Argument: text (SQL expression). -#}
{% macro has_blanks(text) -%} {{ text }} like '%{{ '{' }}%' {%- endmacro %}


{#-
    A number for people: two decimals. By way of its digits: engines turn doubles into decimals each in its own way, some by
    multiplying, some by the first 15 digits. And by way of four decimals: arithmetic misses a tie by the last of a
    double's digits, on one engine and not on another. Null in, null out.

    Nuance: DuckDB reads digits into 64 bits at a hundredth of what 128 bits cost; few numbers need those.
-#}
{% macro as_plain_number(value) -%}
    {%- set digits = 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    cast(
        case
            when abs({{ value }}) < 1e13 then cast(cast({{ digits }} as decimal(18, 4)) as decimal(18, 2))
            else cast(cast({{ digits }} as decimal(38, 4)) as decimal(18, 2))
        end as {{ dbt.type_string() }}
    )
{%- endmacro %}
