{#-
    Does a statement that makes some customers read a key? Asked of everything that a model joins, as a join tells only one of its
    sides. Always true as it is compiled; the statements put their own keys for these. Argument: customer_key (SQL).
-#}
{% macro is_key_read(customer_key) -%}
    {{ return(adapter.dispatch('is_key_read')(customer_key)) }}
{%- endmacro %}

{#- Other engines make all rows with one statement, and order texts as their locale does. -#}
{% macro default__is_key_read(customer_key) -%} 1 = 1 {%- endmacro %}

{% macro duckdb__is_key_read(customer_key) -%}
    {{ customer_key }} >= {{ first_key() }} and {{ customer_key }} < {{ key_after_last() }}
{%- endmacro %}


{#- Before all others. -#}
{% macro first_key() -%} '' /* first key read */ {%- endmacro %}


{#- After all others, byte by byte. -#}
{% macro key_after_last() -%} '~' /* first key not read */ {%- endmacro %}


{#-
    The customers that one statement makes at a time, as bounds of their keys in SQL: keys are hashes in hexadecimal digits, so
    equal parts of their range hold about as many customers.
-#}
{% macro customer_slices() %}
    {%- set count = run_query('select count(*) from ' ~ existing_model('stg_core__parties')).rows[0][0] -%}
    {%- set slice_count = [(count + var('wide_rows_per_statement') - 1) // var('wide_rows_per_statement'), 1] | max -%}
    {%- set bounds = [first_key()] -%}
    {%- for number in range(1, slice_count) -%}
        {%- do bounds.append("'" ~ '%04x' % (number * 65536 // slice_count) ~ "'") -%}
    {%- endfor -%}
    {%- do bounds.append(key_after_last()) -%}
    {%- set slices = [] -%}
    {%- for number in range(slice_count) -%}
        {%- do slices.append({'first': bounds[number], 'after_last': bounds[number + 1]}) -%}
    {%- endfor -%}
    {{ return(slices) }}
{% endmacro %}
