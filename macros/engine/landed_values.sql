{#-
    Reading a landed value. On DuckDB a column has the type that its file gives it: text from CSV, anything from
    Parquet. `typeof` is folded when the query is planned, so a typed column costs no parsing. On a server every
    landed column is text.
-#}

{#- The value as text without the white space around it; null when nothing is left. -#}
{% macro landed_text(column) -%}
    {{ return(adapter.dispatch('landed_text')(column)) }}
{%- endmacro %}

{% macro default__landed_text(column) -%}
    nullif(trim(both {{ white_space() }} from cast({{ column }} as {{ dbt.type_string() }})), '')
{%- endmacro %}

{#-
    Most cells begin with plain ASCII and don't end in white space, which is told in a quarter of the time that trimming
    takes, and in less than a pattern.
-#}
{% macro duckdb__landed_text(column) -%}
    {%- set text = 'cast(' ~ column ~ ' as varchar)' -%}
    case
        when
            {{ text }} between '!' and '~'
            {%- for character in white_space_characters() %}
            and not suffix({{ text }}, {{ character }})
            {%- endfor %}
            then {{ text }}
        else nullif(trim({{ text }}, {{ white_space() }}), '')
    end
{%- endmacro %}

{#- Blank, tab, line ends, no-break space, ideographic space. -#}
{% macro white_space_characters() -%}
    {{ return(["' '", 'chr(9)', 'chr(10)', 'chr(13)', 'chr(160)', 'chr(12288)']) }}
{%- endmacro %}

{#- All of them as one text. -#}
{% macro white_space() -%}
    {{ return(adapter.dispatch('white_space')()) }}
{%- endmacro %}

{% macro default__white_space() -%}
    {{ white_space_characters() | join(' || ') }}
{%- endmacro %}

{% macro spark__white_space() -%} ' \t\n\r\u00a0\u3000' {%- endmacro %}


{#- A condition: does the cell hold anything but white space? -#}
{% macro has_landed_value(column) -%}
    {{ return(adapter.dispatch('has_landed_value')(column)) }}
{%- endmacro %}

{% macro default__has_landed_value(column) -%}
    {{ landed_text(column) }} is not null
{%- endmacro %}

{% macro duckdb__has_landed_value(column) -%}
    case
        when typeof({{ column }}) = 'VARCHAR' then {{ landed_text(column) }} is not null
        else {{ column }} is not null
    end
{%- endmacro %}


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


{#- `YYYY-MM-DD`, with or without a time and an offset. -#}
{% macro date_pattern() -%}
    '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?( ?(Z|[+-][0-9]{2}(:?[0-9]{2})?))?)?$'
{%- endmacro %}

{#- Optional sign, ASCII digits, point, optional exponent. -#}
{% macro number_pattern() -%}
    '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$'
{%- endmacro %}

{#- A typed column may hold what date_pattern() doesn't know: infinity, or a year beyond. -#}
{% macro has_year_of_four_digits(column) -%}
    try_cast({{ column }} as date) between cast('1000-01-01' as date) and cast('9999-12-31' as date)
{%- endmacro %}

{#- A landed cell as a date, a timestamp cut to it; null when it is blank or no date. -#}
{% macro landed_date(column) -%}
    {{ return(adapter.dispatch('landed_date')(column)) }}
{%- endmacro %}

{% macro duckdb__landed_date(column) -%}
    case
        when typeof({{ column }}) = 'VARCHAR'
            then
                case
                    when regexp_matches({{ landed_text(column) }}, {{ date_pattern() }})
                        then try_cast(substr({{ landed_text(column) }}, 1, 10) as date)
                end
        when {{ has_year_of_four_digits(column) }} then try_cast({{ column }} as date)
    end
{%- endmacro %}

{% macro postgres__landed_date(column) -%}
    case
        when {{ landed_text(column) }} ~ {{ date_pattern() }}
            and pg_input_is_valid(left({{ landed_text(column) }}, 10), 'date')
            then cast(left({{ landed_text(column) }}, 10) as date)
    end
{%- endmacro %}


{% macro spark__landed_date(column) -%}
    case
        when {{ matches(landed_text(column), date_pattern()) }}
            then try_cast(substr({{ landed_text(column) }}, 1, 10) as date)
    end
{%- endmacro %}


{#- Spark: a condition, does a text match a pattern? Java's `$` also stands before a last line end, `\z` doesn't. -#}
{% macro matches(text, pattern) -%}
    {{ text }} rlike {{ pattern | replace("$'", "\\\\z'") }}
{%- endmacro %}


{#- A date is taken as midnight, an offset is dropped, digits past the microsecond too. -#}
{% macro landed_timestamp(column) -%}
    {{ return(adapter.dispatch('landed_timestamp')(column)) }}
{%- endmacro %}

{#- The time of a timestamp, in its first group; without an offset. -#}
{% macro time_of_day_pattern() -%}
    '[ T]([0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)'
{%- endmacro %}

{% macro duckdb__landed_timestamp(column) -%}
    case
        when typeof({{ column }}) = 'VARCHAR'
            then
                case
                    when regexp_matches({{ landed_text(column) }}, {{ date_pattern() }})
                        then
                            try_cast(
                                substr({{ landed_text(column) }}, 1, 10) || ' '
                                || coalesce(
                                    nullif(
                                        regexp_extract({{ landed_text(column) }}, {{ time_of_day_pattern() }}, 1), ''
                                    ),
                                    '00:00'
                                )
                                as timestamp
                            )
                end
        when {{ has_year_of_four_digits(column) }} then try_cast({{ column }} as timestamp)
    end
{%- endmacro %}

{% macro postgres__landed_timestamp(column) -%}
    case
        when {{ landed_text(column) }} ~ {{ date_pattern() }}
            and pg_input_is_valid(left({{ landed_text(column) }}, 10), 'date')
            then
                cast(
                    left({{ landed_text(column) }}, 10) || ' '
                    || coalesce(substring({{ landed_text(column) }} from {{ time_of_day_pattern() }}), '00:00')
                    as timestamp
                )
    end
{%- endmacro %}


{% macro spark__landed_timestamp(column) -%}
    case
        when {{ matches(landed_text(column), date_pattern()) }}
            then
                try_cast(
                    substr({{ landed_text(column) }}, 1, 10) || ' '
                    || coalesce(
                        nullif(regexp_extract({{ landed_text(column) }}, {{ time_of_day_pattern() }}, 1), ''), '00:00'
                    )
                    as timestamp
                )
    end
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

{#- A landed cell as a flag; null when it is blank or none. -#}
{% macro landed_boolean(column) -%}
    case
        when lower({{ landed_text(column) }}) in ('true', 't', '1', 'yes', 'y') then true
        when lower({{ landed_text(column) }}) in ('false', 'f', '0', 'no', 'n') then false
    end
{%- endmacro %}
