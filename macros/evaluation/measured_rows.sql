{#-
    Dimensions with a hold: dimension → what the month earns and what is held, both columns of int_evaluation_customers,
    and how a better rank compares with a worse one.
-#}
{% macro held_dimensions() %}
    {{ return({
        'value_tier': {'earned': 'earned_value_tier_code', 'held': 'service_value_tier_code', 'better': '>'},
        'class': {'earned': 'earned_class_code', 'held': 'held_class_code', 'better': '<'},
    }) }}
{% endmacro %}


{#- A number of the evaluation: a double, from an exact sum or a literal. -#}
{% macro as_number(expression) -%} cast({{ expression }} as {{ type_double() }}) {%- endmacro %}


{#-
    Rows of the evaluation's long shape, made from a relation with a row per as_of_date and cell.

    Arguments: metric_code; relation; everything else is SQL over its columns. Left out, value is numerator /
    denominator (null when the denominator isn't positive), bounds and critical_value are unknown, sample_size is the
    denominator, and the cell is the whole (`all`, horizon 0).
-#}
{% macro measured_rows(
    metric_code, relation, numerator='null', denominator='null', value=none, sample_size=none, lower_bound='null',
    upper_bound='null', critical_value='null', dimension="'all'", segment_code="'all'", subject_code="'all'",
    outcome_code="'all'", horizon_months='0', condition=none
) -%}
    select
        as_of_date,
        '{{ metric_code }}' as metric_code,
        cast({{ dimension }} as {{ dbt.type_string() }}) as dimension,
        cast({{ segment_code }} as {{ dbt.type_string() }}) as segment_code,
        cast({{ subject_code }} as {{ dbt.type_string() }}) as subject_code,
        cast({{ outcome_code }} as {{ dbt.type_string() }}) as outcome_code,
        cast({{ horizon_months }} as integer) as horizon_months,
        {{ as_number(numerator) }} as numerator,
        {{ as_number(denominator) }} as denominator,
        {% if value is none -%}
        {{ ratio('(' ~ numerator ~ ')', '(' ~ denominator ~ ')') }} as value,
        {%- else -%}
        {{ published_ratio(value) }} as value,
        {%- endif %}
        {{ published_ratio(lower_bound) }} as lower_bound,
        {{ published_ratio(upper_bound) }} as upper_bound,
        {{ published_ratio(critical_value) }} as critical_value,
        cast({{ denominator if sample_size is none else sample_size }} as bigint) as sample_size
    from {{ relation }}
    {%- if condition is not none %}
    where {{ condition }}
    {%- endif %}
{%- endmacro %}


{#-
    A relation with a row per dimension, group columns and code: the relation's rows counted once by each dimension.

    Arguments: relation; keys (columns kept beside dimension and segment_code); aggregates (SQL with aliases); dimensions
    (dimension → column, default all).
-#}
{% macro counted_by_segment(relation, keys, aggregates, dimensions=none) -%}
    {%- for dimension, column in (dimensions or segment_dimensions()).items() %}
    {{ 'union all' if not loop.first }}
    select
        {{ keys | join(', ') }},
        '{{ dimension }}' as dimension,
        {{ column }} as segment_code,
        {{ aggregates }}
    from {{ relation }}
    group by {{ keys | join(', ') }}, {{ column }}
    {%- endfor %}
{%- endmacro %}
