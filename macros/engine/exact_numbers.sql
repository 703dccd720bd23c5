{#- An integer of at least 38 digits, on which the engine adds, multiplies and divides exactly. -#}
{% macro type_exact_integer() -%}
    {{ return(adapter.dispatch('type_exact_integer')()) }}
{%- endmacro %}

{% macro default__type_exact_integer() -%} numeric(38, 0) {%- endmacro %}
{% macro duckdb__type_exact_integer() -%} hugeint {%- endmacro %}


{#- Quotient of two non-negative exact integers, cut to a whole number. -#}
{% macro whole_quotient(numerator, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient')(numerator, divisor)) }}
{%- endmacro %}

{% macro duckdb__whole_quotient(numerator, divisor) -%}
    ({{ numerator }}) // ({{ divisor }})
{%- endmacro %}

{% macro postgres__whole_quotient(numerator, divisor) -%}
    div({{ numerator }}, {{ divisor }})
{%- endmacro %}

{#-
    Spark keeps a quotient of decimals to six digits after the point, and its `div` to 64 bits: without its remainder
    the quotient is whole. Null past 32 digits.
-#}
{% macro spark__whole_quotient(numerator, divisor) -%}
    cast(
        try_divide(
            cast({{ numerator }} as {{ type_exact_integer() }})
            - try_mod(cast({{ numerator }} as {{ type_exact_integer() }}), cast({{ divisor }} as {{ type_exact_integer() }})),
            cast({{ divisor }} as {{ type_exact_integer() }})
        ) as {{ type_exact_integer() }}
    )
{%- endmacro %}


{#-
    DuckDB takes most of a microsecond to divide integers of 128 bits, and its decimals of 38 digits are such integers:
    fifty times what a double takes. So a double finds the result where 53 bits are enough to be sure of it, and whole
    numbers prove it; anything larger goes the long way.
-#}

{#- See scaled(). A double is off by less than half of a whole number below 2e15. -#}
{% macro duckdb__scaled(value, factor) -%}
    case
        when abs(cast({{ value }} as double)) * {{ factor }} < 1e15
            then cast(cast(cast({{ value }} as double) * {{ factor }} as bigint) as hugeint)
        else {{ default__scaled(value, factor) }}
    end
{%- endmacro %}

{#- See round_quotient(). Below 1e15 cents the double's quotient is off by one cent at most, which the remainder tells. -#}
{% macro duckdb__round_quotient(numerator, divisor) -%}
    {%- set size = 'abs(' ~ numerator ~ ')' -%}
    {%- set near = 'cast(cast(' ~ size ~ ' as double) / cast(' ~ divisor ~ ' as double) as bigint)' -%}
    {%- set twice_left = '2 * (' ~ size ~ ' - ' ~ near ~ ' * (' ~ divisor ~ '))' -%}
    case
        when cast({{ size }} as double) < 1e15 * cast({{ divisor }} as double)
            then cast(
                cast(
                    cast(sign({{ numerator }}) as bigint)
                    * (
                        {{ near }}
                        + case
                            when {{ twice_left }} >= {{ divisor }} then 1
                            when {{ twice_left }} < -({{ divisor }}) then -1
                            else 0
                        end
                    )
                    as decimal(18, 0)
                ) * cast(0.01 as decimal(2, 2))
                as decimal(18, 2)
            )
        else {{ default__round_quotient(numerator, divisor) }}
    end
{%- endmacro %}


{#- Order of texts by their bytes, the same on every engine whatever its locale. -#}
{% macro by_bytes(column) -%}
    {{ return(adapter.dispatch('by_bytes')(column)) }}
{%- endmacro %}

{% macro default__by_bytes(column) -%} {{ column }} {%- endmacro %}
{% macro postgres__by_bytes(column) -%} {{ column }} collate "C" {%- endmacro %}


{#- A published ratio: a double rounded to 9 decimals. -#}
{% macro published_ratio(expression) -%}
    {{ return(adapter.dispatch('published_ratio')(expression)) }}
{%- endmacro %}

{% macro default__published_ratio(expression) -%}
    round(cast({{ expression }} as {{ type_double() }}), 9)
{%- endmacro %}

{% macro postgres__published_ratio(expression) -%}
    cast(round(cast({{ expression }} as numeric), 9) as double precision)
{%- endmacro %}


{#-
    The least published ratio that isn't below an expression: what must be reached to reach it. What a double is off by
    doesn't count, so that 70 stays 70.
-#}
{% macro ratio_at_least(expression) -%}
    {%- set billionths = 'cast(1000000000 as ' ~ type_double() ~ ')' -%}
    {{ published_ratio('ceil((' ~ expression ~ ') * ' ~ billionths ~ ' - 0.01) / ' ~ billionths) }}
{%- endmacro %}


{#- A double; `dbt.type_float()` has only half its digits on DuckDB. -#}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double')()) }}
{%- endmacro %}

{% macro default__type_double() -%} double precision {%- endmacro %}
{% macro duckdb__type_double() -%} double {%- endmacro %}
{% macro spark__type_double() -%} double {%- endmacro %}
