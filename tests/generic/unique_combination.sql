{% test unique_combination(model, columns, only_newest_month=false) %}
{%- set newest -%}
    {%- if only_newest_month -%}
    as_of_date = (select max(newest.as_of_date) from {{ model }} as newest)
    {%- endif -%}
{%- endset %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
where {{ can_be_repeated(model, columns, newest) }}{{ ' and ' ~ newest if newest }}
group by
    {{ columns | join(',\n    ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
