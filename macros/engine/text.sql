{#- A text without anything but letters and digits, of any script: 军字第1号 and 空字第1号 are two documents. -#}
{% macro letters_and_digits(text) -%}
    {{ return(adapter.dispatch('letters_and_digits')(text)) }}
{%- endmacro %}

{% macro duckdb__letters_and_digits(text) -%}
    regexp_replace({{ text }}, '[^\p{L}\p{N}]', '', 'g')
{%- endmacro %}

{#- The collation says what a letter is, whatever the database's own one; PostgreSQL has it from 17 on. -#}
{% macro postgres__letters_and_digits(text) -%}
    regexp_replace({{ text }} collate "pg_c_utf8", '[^[:alnum:]]', '', 'g')
{%- endmacro %}
