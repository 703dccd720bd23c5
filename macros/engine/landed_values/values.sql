{#-
    Reading a landed value. On DuckDB a column has the type that its file gives it: text from CSV, anything from
    Parquet. `typeof` is folded when the query is planned, so a typed column costs no parsing. On a server every
    landed column is text.
-#}

{#-
    The value in a type of the contract; null when it is blank or isn't of that type.

    Arguments: column (a SQL reference), type (a data_type of the sources YAML).
-#}
{% macro typed_value(column, type) -%}
    {%- if type == 'varchar' -%} {{ landed_text(column) }}
    {%- elif type == 'date' -%} {{ landed_date(column) }}
    {%- elif type == 'timestamp' -%} {{ landed_timestamp(column) }}
    {%- elif type == 'boolean' -%} {{ landed_boolean(column) }}
    {%- elif type == 'integer' -%} {{ landed_integer(column) }}
    {%- elif type == 'double' -%} cast({{ landed_number(column) }} as {{ type_double() }})
    {%- elif type.startswith('decimal(') -%} {{ landed_decimal(column, type) }}
    {%- else -%} {{ exceptions.raise_compiler_error("The landing contract knows no data_type '" ~ type ~ "'") }}
    {%- endif -%}
{%- endmacro %}


{#- A landed cell as a flag; null when it is blank or none. -#}
{% macro landed_boolean(column) -%}
    case
        when lower({{ landed_text(column) }}) in ('true', 't', '1', 'yes', 'y') then true
        when lower({{ landed_text(column) }}) in ('false', 'f', '0', 'no', 'n') then false
    end
{%- endmacro %}
