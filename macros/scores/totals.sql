{#- The dimensions of the score: the marts have a column each. Their weights, labels and indicators are seeds. -#}
{% macro score_dimensions() %} {{ return(['contribution', 'risk', 'potential']) }} {% endmacro %}


{#-
    The weighted mean of a dimension's observed indicators, unrounded, or null where too little of it was observed.

    Arguments are SQL expressions: weighted (sum of weight × normalised value), observed and not_applicable (sums of
    weights; not applicable counts as observed, but has no part in the mean), total (the dimension's weight),
    min_share (of the total).
-#}
{% macro dimension_mean(weighted, observed, not_applicable, total, min_share) -%}
    case
        when {{ observed }} > 0 and {{ observed }} + {{ not_applicable }} >= {{ min_share }} * {{ total }}
            then cast({{ weighted }} as {{ type_double() }}) / cast({{ observed }} as {{ type_double() }})
    end
{%- endmacro %}


{#- The weighted mean of those values of {value: weight} that are known, in the order given; null when none is. -#}
{% macro known_mean(weights) -%}
    (
        {%- for value, weight in weights.items() %}
        {{ '+ ' if not loop.first }}coalesce({{ value }} * cast({{ weight }} as {{ type_double() }}), 0)
        {%- endfor %}
    )
    / cast(nullif(
        {%- for value, weight in weights.items() %}
        {{ '+ ' if not loop.first }}case when {{ value }} is null then 0 else {{ weight }} end
        {%- endfor %}, 0
    ) as {{ type_double() }})
{%- endmacro %}


{#-
    What one point of an indicator's normalised value adds to the composite score, once the dimensions and what was
    observed of them are rescaled. Arguments: alias (of a row of customer_scores), dimension and weight (of the
    indicator, SQL expressions). Null where the indicator's dimension has no
    score.
-#}
{% macro effective_weight(alias, dimension, weight) -%}
    case {{ dimension }}
        {%- for name in score_dimensions() %}
        when '{{ name }}'
            then cast({{ weight }} * nullif({{ alias }}.{{ name }}_present_weight, 0) as {{ type_double() }})
                / cast(
                    nullif(
                        {{ alias }}.{{ name }}_observed_weight
                        * (
                            {%- for present in score_dimensions() -%}
                            {{ ' + ' if not loop.first }}{{ alias }}.{{ present }}_present_weight
                            {%- endfor -%}
                        ), 0
                    ) as {{ type_double() }}
                )
        {%- endfor %}
    end
{%- endmacro %}
