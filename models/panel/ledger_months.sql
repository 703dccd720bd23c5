{{ config(meta={'is_hashed_by_rows': true}) }}

-- The months of the ledger: from the month of the earliest accepted booking to the newest month-end asked for.
with ledger as (
    select
        min(booked_date) as first_booked_date,
        max(booked_date) as last_booked_date
    from {{ ref('stg_core__transactions') }}
),

bounds as (
    select
        {{ month_number('first_booked_date') }} as first_month_number,
        {% if var('as_of_date') -%}
        {{ month_number("cast('" ~ var('as_of_date') ~ "' as date)") }}
        {%- else -%}
        -- the last month-end on or before the latest booking + the grace days
        {{ month_number(days_after('last_booked_date', var('booking_grace_days') + 1)) }} - 1
        {%- endif %} as last_month_number
    from ledger
),

months as (
    select cast(generated.month_number as integer) as month_number
    from bounds
    cross join {{ whole_numbers('bounds.first_month_number', 'bounds.last_month_number') }} as generated (month_number)
),

dated as (
    select
        month_number,
        {{ first_day_of_month('month_number') }} as first_date
    from months
)

select
    {{ month_end('dated.first_date') }} as as_of_date,
    dated.first_date,
    dated.month_number,
    dated.month_number - bounds.first_month_number + 1 as ledger_month_count,
    cast(extract(day from {{ month_end('dated.first_date') }}) as integer) as days_in_month
from dated
cross join bounds
