{%- set subjects = stability_subjects() %}

-- Every watched score and feature of a month, and of the month a year before, as numbers. A view: binned as it is read.
{%- for subject in subjects %}
{{ 'union all' if not loop.first }}
select
    as_of_date,
    month_number,
    '{{ subject }}' as subject_code,
    {{ as_number(subject) }} as value
from {{ ref('int_evaluation_customers') }}
{%- endfor %}
