{#- A text without anything but letters, of any script, and the digits 0 to 9: 军字第1号 and 空字第1号 are two documents. -#}
{% macro letters_and_digits(text) -%}
    {{ return(adapter.dispatch('letters_and_digits')(text)) }}
{%- endmacro %}

{% macro duckdb__letters_and_digits(text) -%}
    regexp_replace({{ text }}, '[^\p{L}0-9]', '', 'g')
{%- endmacro %}

{% macro spark__letters_and_digits(text) -%}
    regexp_replace({{ text }}, '[^\\p{L}0-9]', '')
{%- endmacro %}

{#- The collation says what a letter is, whatever the database's own one; PostgreSQL has it from 17 on. -#}
{% macro postgres__letters_and_digits(text) -%}
    regexp_replace({{ text }} collate "pg_c_utf8", '[^[:alpha:]0-9]', '', 'g')
{%- endmacro %}


{#- Ends the statement with a message for people, for a finding that must name its row. Argument: SQL of a text. -#}
{% macro stop_with(message) -%}
    {{ return(adapter.dispatch('stop_with')(message)) }}
{%- endmacro %}

{#- No engine-neutral way to raise an error: a text that is no number can't be cast, and the error quotes it. -#}
{% macro default__stop_with(message) -%} cast({{ message }} as integer) {%- endmacro %}
{% macro duckdb__stop_with(message) -%} error({{ message }}) {%- endmacro %}
{% macro spark__stop_with(message) -%} raise_error({{ message }}) {%- endmacro %}
