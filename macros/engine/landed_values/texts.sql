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
