{% test exactly_one(model, columns, condition) %}

select
    {{ columns | join(', ') }},
    sum(case when {{ condition }} then 1 else 0 end) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having sum(case when {{ condition }} then 1 else 0 end) <> 1

{% endtest %}
