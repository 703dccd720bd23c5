{#- `YYYY-MM-DD`, with or without a time and an offset. -#}
{% macro date_pattern() -%}
    '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?( ?(Z|[+-][0-9]{2}(:?[0-9]{2})?))?)?$'
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
