{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}
{%- set made %}
(
    select customer_months.customer_sk
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number') }}
)
{%- endset %}

-- The last transaction of a customer's own making, as known on each month-end, however long ago.
with customer_months as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        months.month_number,
        customer_months.last_activity_date
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number') }}

    {% if is_incremental() -%}
    union all

    -- the newest row before the months to build carries the date of those who have any
    select
        carried.customer_sk,
        carried.as_of_date,
        months.month_number,
        carried.last_activity_date
    from (
        {{ carried_rows(this, made) }}
    ) as carried
    inner join {{ ref('ledger_months') }} as months on carried.as_of_date = months.as_of_date
    {%- endif %}
),

running as (
    select
        customer_sk,
        as_of_date,
        month_number,
        max(last_activity_date) over (partition by customer_sk order by month_number) as last_activity_date
    from customer_months
)

select
    customer_sk,
    as_of_date,
    last_activity_date
from running
where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
