{% test is_listed(model, column_name, to, field, condition='1 = 1') %}

select
    tested.{{ column_name }},
    count(*) as row_count
from {{ model }} as tested
where
    tested.{{ column_name }} is not null
    and not exists (
        select 1
        from {{ to }} as listed
        where listed.{{ field }} = tested.{{ column_name }} and {{ condition }}
    )
group by tested.{{ column_name }}

{% endtest %}
