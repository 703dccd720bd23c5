{#- Optional sign, ASCII digits, point, optional exponent. -#}
{% macro number_pattern() -%}
    '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$'
{%- endmacro %}


{#- A number wide enough for every type of the contract. -#}
{% macro landed_number(column) -%}
    {{ return(adapter.dispatch('landed_number')(column)) }}
{%- endmacro %}

{% macro duckdb__landed_number(column) -%}
    case
        when typeof({{ column }}) = 'VARCHAR'
            then
                case
                    when regexp_matches({{ landed_text(column) }}, {{ number_pattern() }})
                        then try_cast({{ landed_text(column) }} as decimal(38, 18))
                end
        -- by way of text: 10.005 as a double lies below the decimal that it was written as
        when typeof({{ column }}) in ('DOUBLE', 'FLOAT')
            then try_cast(cast({{ column }} as varchar) as decimal(38, 18))
        else try_cast({{ column }} as decimal(38, 18))
    end
{%- endmacro %}

{% macro postgres__landed_number(column) -%}
    case
        when {{ landed_text(column) }} ~ {{ number_pattern() }}
            and pg_input_is_valid({{ landed_text(column) }}, 'numeric') -- not of 200,000 digits
            and abs(cast({{ landed_text(column) }} as numeric)) < 1e20
            then round(cast({{ landed_text(column) }} as numeric), 18)
    end
{%- endmacro %}


{% macro spark__landed_number(column) -%}
    case
        when {{ matches(landed_text(column), number_pattern()) }}
            then try_cast({{ landed_text(column) }} as decimal(38, 18))
    end
{%- endmacro %}


{#- A number as a decimal of the contract, rounded half away from zero; null when it doesn't fit. -#}
{% macro cast_or_null(number, type) -%}
    {{ return(adapter.dispatch('cast_or_null')(number, type)) }}
{%- endmacro %}

{% macro duckdb__cast_or_null(number, type) -%}
    try_cast({{ number }} as {{ type }})
{%- endmacro %}

{% macro spark__cast_or_null(number, type) -%}
    try_cast({{ number }} as {{ type }})
{%- endmacro %}

{% macro postgres__cast_or_null(number, type) -%}
    {%- set precision, scale = type[8:-1].split(',') -%}
    case
        when abs(round({{ number }}, {{ scale }})) < 1e{{ precision | int - scale | int }}
            then cast(round({{ number }}, {{ scale }}) as {{ type }})
    end
{%- endmacro %}

{#- A number of the contract's precision. A decimal column is cast as it is: going by way of 38 digits costs twenty times as much. -#}
{% macro landed_decimal(column, type) -%}
    {{ return(adapter.dispatch('landed_decimal')(column, type)) }}
{%- endmacro %}

{% macro default__landed_decimal(column, type) -%}
    {{ cast_or_null(landed_number(column), type) }}
{%- endmacro %}

{% macro duckdb__landed_decimal(column, type) -%}
    case
        when typeof({{ column }}) in ('VARCHAR', 'DOUBLE', 'FLOAT') then {{ cast_or_null(landed_number(column), type) }}
        else try_cast({{ column }} as {{ type }})
    end
{%- endmacro %}


{#- A landed cell as a whole number of 32 bits; null when it is blank or none. -#}
{% macro landed_integer(column) -%}
    case
        when {{ landed_number(column) }} = floor({{ landed_number(column) }})
            and abs({{ landed_number(column) }}) < 2147483648
            then cast({{ landed_number(column) }} as integer)
    end
{%- endmacro %}
