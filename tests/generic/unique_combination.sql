{% test unique_combination(model, columns, only_newest_month=false) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
{%- if only_newest_month %}
where as_of_date = (select max(newest.as_of_date) from {{ model }} as newest)
{%- endif %}
group by
    {{ columns | join(',\n    ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
