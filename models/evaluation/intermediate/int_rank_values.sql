-- Every score whose order is watched, as numbers. A view, read once.
{%- for subject in rank_subjects() %}
{{ 'union all' if not loop.first }}
select
    customer_sk,
    as_of_date,
    month_number,
    '{{ subject }}' as subject_code,
    {{ as_number(subject) }} as value
from {{ ref('int_evaluation_customers') }}
{%- endfor %}
