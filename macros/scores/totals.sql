{#- The dimensions of the score: the marts have a column each. Their weights, labels and indicators are seeds. -#}
{% macro score_dimensions() %} {{ return(['contribution', 'risk', 'potential']) }} {% endmacro %}


{#-
    The columns <dimension>_weight and <dimension>_min_share of every dimension, over the rows of a rule version in the seed
    score_dimensions.
-#}
{% macro dimension_rules() -%}
    {%- for dimension in score_dimensions() -%}
    max(case when dimension = '{{ dimension }}' then weight end) as {{ dimension }}_weight,
    max(case when dimension = '{{ dimension }}' then min_observed_share end) as {{ dimension }}_min_share
    {{- ',\n    ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#-
    The weighted mean of a dimension's observed indicators, unrounded, or null where too little of it was observed: what
    doesn't apply counts as observed, but has no part in the mean.

    Arguments: dimension, sums (alias of a row with the columns of dimension_sums()), rules (alias of a row of
    int_score_dimensions).
-#}
{% macro dimension_mean(dimension, sums, rules) -%}
    case
        when {{ sums }}.{{ dimension }}_observed > 0
            and {{ sums }}.{{ dimension }}_observed + {{ sums }}.{{ dimension }}_not_applicable
            >= {{ rules }}.{{ dimension }}_min_share * {{ rules }}.{{ dimension }}_weight
            then
                cast({{ sums }}.{{ dimension }}_points as {{ type_double() }})
                / cast({{ sums }}.{{ dimension }}_observed as {{ type_double() }})
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


{#- The columns of customer_scores that effective_weight() reads. -#}
{% macro score_weight_columns() %}
    {%- set columns = [] -%}
    {%- for dimension in score_dimensions() -%}
        {%- do columns.extend([dimension ~ '_observed_weight', dimension ~ '_present_weight']) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#-
    What one point of an indicator's normalised value adds to the composite score, once the dimensions and what was
    observed of them are rescaled. Arguments: alias (of a row with score_weight_columns()), dimension and weight (of the
    indicator, SQL expressions). Null where the indicator's dimension has no score.
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


{#-
    The columns <dimension>_points (Σ weight × normalised value), <dimension>_observed and <dimension>_not_applicable
    (Σ weights) of every dimension, over rows of scored_indicators.
-#}
{% macro dimension_sums() -%}
    {%- for dimension in score_dimensions() -%}
    sum(case when dimension = '{{ dimension }}' then weight * normalised_value end) as {{ dimension }}_points,
    sum(case when dimension = '{{ dimension }}' and status_code = 'observed' then weight else 0 end)
        as {{ dimension }}_observed,
    sum(case when dimension = '{{ dimension }}' and status_code = 'not_applicable' then weight else 0 end)
        as {{ dimension }}_not_applicable{{ ',\n    ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
