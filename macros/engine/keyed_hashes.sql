{#-
    HMAC-SHA256 of a text under the warehouse's secret key, as lower-case hex (RFC 2104:
    H(outer pad || H(inner pad || message))).

    The pads come from the private table keys.hmac_pads by a sub-select, so the secret never stands in compiled SQL,
    in the manifest or in a log. Null in, null out.
-#}
{% macro keyed_hash(text) -%}
    {{ return(adapter.dispatch('keyed_hash')(text)) }}
{%- endmacro %}

{% macro duckdb__keyed_hash(text) -%}
    sha256(
        (select hmac_pads.outer_pad from keys.hmac_pads)
        || unhex(sha256((select hmac_pads.inner_pad from keys.hmac_pads) || encode({{ text }})))
    )
{%- endmacro %}

{% macro postgres__keyed_hash(text) -%}
    encode(
        sha256(
            (select hmac_pads.outer_pad from keys.hmac_pads)
            || sha256((select hmac_pads.inner_pad from keys.hmac_pads) || convert_to({{ text }}, 'UTF8'))
        ),
        'hex'
    )
{%- endmacro %}

{% macro spark__keyed_hash(text) -%}
    sha2(
        concat(
            (select hmac_pads.outer_pad from keys.hmac_pads),
            unhex(sha2(concat((select hmac_pads.inner_pad from keys.hmac_pads), encode({{ text }}, 'UTF-8')), 256))
        ),
        256
    )
{%- endmacro %}


{#-
    The surrogate key of a keyed hash: its first 60 bits as a bigint, which joins and groups several times faster
    than the 64 characters. The models that make one are tested unique, so a collision stops the build.
-#}
{% macro surrogate_key(hash) -%}
    {{ return(adapter.dispatch('surrogate_key')(hash)) }}
{%- endmacro %}

{% macro duckdb__surrogate_key(hash) -%}
    cast('0x' || substr({{ hash }}, 1, 15) as bigint)
{%- endmacro %}

{% macro postgres__surrogate_key(hash) -%}
    cast(cast('x0' || substr({{ hash }}, 1, 15) as bit(64)) as bigint)
{%- endmacro %}

{% macro spark__surrogate_key(hash) -%}
    cast(conv(substr({{ hash }}, 1, 15), 16, 10) as bigint)
{%- endmacro %}


{#- A 64-bit fingerprint of a row's columns (not keyed, only to notice change), to be summed over rows. -#}
{% macro row_fingerprint(columns) -%}
    {{ return(adapter.dispatch('row_fingerprint')(columns)) }}
{%- endmacro %}

{% macro duckdb__row_fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) as {{ type_exact_integer() }})
{%- endmacro %}

{% macro postgres__row_fingerprint(columns) -%}
    cast(hashtextextended(cast(row({{ columns | join(', ') }}) as text), 0) as {{ type_exact_integer() }})
{%- endmacro %}

{#- Spark's hash passes over nulls: each column says first whether it is one. -#}
{% macro spark__row_fingerprint(columns) -%}
    cast(
        xxhash64(
            {%- for column in columns %}
            {{ column }} is null, {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as {{ type_exact_integer() }}
    )
{%- endmacro %}

{#- A whole number of 64 bits that is the same for the same text: to group long texts in little memory. Not keyed. -#}
{% macro text_hash(text) -%}
    {{ return(adapter.dispatch('text_hash')(text)) }}
{%- endmacro %}

{% macro duckdb__text_hash(text) -%} hash({{ text }}) {%- endmacro %}
{% macro postgres__text_hash(text) -%} hashtextextended({{ text }}, 0) {%- endmacro %}
{% macro spark__text_hash(text) -%} xxhash64({{ text }}) {%- endmacro %}
