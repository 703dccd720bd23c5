-- The signals that were on for a customer on a month-end: those of potential churn, whatever its state, and the early
-- warnings, which go by `alert_` and their code, since both know a fall in the balance. A row a signal; a view.
with churn_signals as (
    select distinct signal_code from {{ ref('activity_signals') }}
)

select
    customers.customer_sk,
    customers.as_of_date,
    customers.month_number,
    customers.adb_1m,
    churn_signals.signal_code
from {{ ref('int_evaluation_customers') }} as customers
inner join churn_signals on ' ' || customers.slowing_signals || ' ' like '% ' || churn_signals.signal_code || ' %'
where customers.slowing_signals is not null

union all

select
    customers.customer_sk,
    customers.as_of_date,
    customers.month_number,
    customers.adb_1m,
    'alert_' || warnings.signal_code as signal_code
from {{ ref('customer_warnings') }} as warnings
inner join {{ ref('int_evaluation_customers') }} as customers
    on warnings.customer_sk = customers.customer_sk and warnings.as_of_date = customers.as_of_date
