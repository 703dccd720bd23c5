{% test no_gaps_in_months(model, column_name) %}

with months as (
    select distinct
        {{ column_name }} as month_end_date,
        {{ month_number(column_name) }} as month_number
    from {{ model }}
),

compared as (
    select
        month_end_date,
        month_number - lag(month_number) over (order by month_end_date) as months_since_previous
    from months
)

select *
from compared
where
    month_end_date is null
    or month_end_date <> {{ month_end('month_end_date') }}
    or months_since_previous <> 1

{% endtest %}
