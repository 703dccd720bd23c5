{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true, 'months_read_before': 11}
) }}

-- What a signal compares a month with: the month before, half a year before, sums of a year. Only the months to build.
with balances as (
    select
        features.customer_sk,
        features.as_of_date,
        months.month_number,
        max(features.month_end_balance) over (
            partition by features.customer_sk
            order by months.month_number
            range between 1 preceding and 1 preceding
        ) as previous_month_end_balance,
        max(features.balance_cv_6m) over (
            partition by features.customer_sk
            order by months.month_number
            range between 6 preceding and 6 preceding
        ) as balance_cv_before
    from {{ ref('customer_features') }} as features
    inner join {{ ref('ledger_months') }} as months on features.as_of_date = months.as_of_date
    where
        {{ is_read('features.as_of_date') }}
        and {{ is_customer_rebuilt('features.customer_sk', 'months.month_number', 6) }}
),

digital as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        greatest(sum(customer_months.online_count_1m + customer_months.mobile_count_1m) over (
            partition by customer_months.customer_sk
            order by months.month_number
            range between 2 preceding and current row
        ), 0) as digital_txn_count_3m,
        greatest(sum(customer_months.online_count_1m + customer_months.mobile_count_1m) over (
            partition by customer_months.customer_sk
            order by months.month_number
            range between 11 preceding and current row
        ), 0) as digital_txn_count_12m
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where
        {{ is_read('customer_months.as_of_date') }}
        and {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number', 11) }}
)

select
    balances.customer_sk,
    balances.as_of_date,
    balances.month_number,
    balances.previous_month_end_balance,
    balances.balance_cv_before,
    digital.digital_txn_count_3m,
    digital.digital_txn_count_12m
from balances
inner join digital on balances.customer_sk = digital.customer_sk and balances.as_of_date = digital.as_of_date
where {{ is_customer_rebuilt('balances.customer_sk', 'balances.month_number') }}
