{#-
    Spark stores no constraints with Parquet tables, so the statement that writes the rows of a contracted model checks
    them itself: a null where none may be, or a row that fails a check, stops it.
-#}
{% macro contracted_rows(relation, compiled_code) -%}
    select
        {%- for column in model.columns.values() %}
        {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list %}
        coalesce({{ column.name }}, raise_error('{{ relation }}: {{ column.name }} is null')) as {{ column.name }}
        {%- else %}
        {{ column.name }}
        {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        {{ compiled_code }}
    ) as contracted
    where
        true
        {%- for constraint in model.constraints if constraint.type == 'check' %}
        and case
            when not ({{ constraint.expression }})
                then raise_error('{{ relation }}: a row fails the check ' || "{{ constraint.expression | replace('"', '\\"') }}") is null
            else true
        end
        {%- endfor %}
{%- endmacro %}


{#- dbt-spark compares names of types without their precision; Spark tells them in full. -#}
{% macro spark__get_assert_columns_equivalent(sql) %}
    {%- if not execute -%} {{ return('') }} {%- endif -%}
    {%- set found, wrong = {}, [] -%}
    {%- for row in run_query('describe query ' ~ sql).rows -%}
        {%- do found.update({row['col_name'] | lower: row['data_type']}) -%}
    {%- endfor -%}
    {%- for column in model.columns.values() -%}
        {%- set type = found.pop(column.name | lower, none) -%}
        {%- if type is none -%}
            {%- do wrong.append(column.name ~ ': missing in the model') -%}
        {%- elif type != spark_type(column.data_type) -%}
            {%- do wrong.append(column.name ~ ': ' ~ type ~ ', the contract says ' ~ spark_type(column.data_type)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in found -%} {%- do wrong.append(name ~ ': missing in the contract') -%} {%- endfor -%}
    {%- if wrong -%}
        {%- do exceptions.raise_compiler_error(
            'This model has an enforced contract that failed.\n' ~ wrong | join('\n')
        ) -%}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}
