{% test tiles_the_line(model, columns, min_value='min_value', below_value='below_value') %}

with neighbours as (
    select
        {{ columns | join(', ') }},
        {{ min_value }} as min_value,
        {{ below_value }} as below_value,
        lag({{ below_value }}) over (partition by {{ columns | join(', ') }} order by {{ min_value }}, {{ below_value }})
            as previous_below_value,
        lead({{ min_value }}) over (partition by {{ columns | join(', ') }} order by {{ min_value }}, {{ below_value }})
            as next_min_value
    from {{ model }}
)

select *
from neighbours
where
    min_value is null
    or below_value is null
    or min_value >= below_value
    or min_value <> coalesce(previous_below_value, cast('-infinity' as {{ type_double() }}))
    or below_value <> coalesce(next_min_value, cast('infinity' as {{ type_double() }}))

{% endtest %}
