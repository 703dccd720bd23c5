{% test tiles_the_line(model, lower, upper, per=[]) %}
{%- set partition = 'partition by ' ~ per | join(', ') ~ ' ' if per else '' %}

with bounds as (
    select
        {%- for column in per %}
        {{ column }},
        {%- endfor %}
        {{ lower }} as lower_bound,
        {{ upper }} as upper_bound,
        lag({{ upper }}) over ({{ partition }}order by {{ lower }}) as previous_upper_bound,
        lead({{ lower }}) over ({{ partition }}order by {{ lower }}) as next_lower_bound
    from {{ model }}
)

select *
from bounds
where
    lower_bound is null
    or upper_bound is null
    or lower_bound >= upper_bound
    or lower_bound <> coalesce(previous_upper_bound, cast('-infinity' as {{ type_double() }}))
    or (next_lower_bound is null and upper_bound <> cast('infinity' as {{ type_double() }}))

{% endtest %}
