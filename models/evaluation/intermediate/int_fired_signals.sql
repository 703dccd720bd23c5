-- The signals that had fired for a customer on a month-end, whatever its state: a row a signal. A view.
with signals as (
    select distinct signal_code from {{ ref('activity_signals') }}
)

select
    customers.customer_sk,
    customers.as_of_date,
    customers.month_number,
    customers.adb_1m,
    signals.signal_code
from {{ ref('int_evaluation_customers') }} as customers
inner join signals on ' ' || customers.slowing_signals || ' ' like '% ' || signals.signal_code || ' %'
where customers.slowing_signals is not null
