{#-
    A value between the two points of its band, on the straight line that joins them; a flat band (the outermost ones
    always are) gives its value without touching its bounds, which may be infinite. Null in, null out.

    Arguments are SQL expressions: value, and the columns of score_bands.
-#}
{% macro banded_value(value, min_value, below_value, value_at_min, value_at_below) -%}
    case
        when {{ value }} is null then null
        when {{ value_at_min }} = {{ value_at_below }} then {{ value_at_min }}
        else
            {{ value_at_min }}
            + ({{ value }} - {{ min_value }}) * ({{ value_at_below }} - {{ value_at_min }})
            / ({{ below_value }} - {{ min_value }})
    end
{%- endmacro %}


{#- The way back: the value at which a rising or falling band gives a normalised value that lies inside it. -#}
{% macro value_in_band(normalised_value, min_value, below_value, value_at_min, value_at_below) -%}
    {{ banded_value(normalised_value, value_at_min, value_at_below, min_value, below_value) }}
{%- endmacro %}


{#- A normalised value, 0 to 100: rounded to 9 decimals once, and exact from there on, so that sums of weighted
    values don't depend on their order. -#}
{% macro normalised_number(expression) -%}
    cast({{ published_ratio(expression) }} as decimal(12, 9))
{%- endmacro %}
