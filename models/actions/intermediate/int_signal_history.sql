{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true, 'months_read_before': 11}
) }}

-- What a signal compares a month with: the month before, half a year before, sums of a year. Only the months to build.
with customer_months as {{ not_materialized() }} (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        months.month_number,
        customer_months.online_count_1m + customer_months.mobile_count_1m as digital_txn_count_1m
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where
        {{ is_read('customer_months.as_of_date') }}
        and {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number', 11) }}
),

{{ trailing_months('customer_months', {
    'digital_txn_count_3m': trailing('sum', 'digital_txn_count_1m', 2, is_floored=true),
    'digital_txn_count_12m': trailing('sum', 'digital_txn_count_1m', 11, is_floored=true),
}) }},

features as {{ not_materialized() }} (
    select
        features.customer_sk,
        months.month_number,
        features.month_end_balance,
        features.balance_cv_6m
    from {{ ref('customer_features') }} as features
    inner join {{ ref('ledger_months') }} as months on features.as_of_date = months.as_of_date
    where
        {{ is_read('features.as_of_date') }}
        and {{ is_customer_rebuilt('features.customer_sk', 'months.month_number', 6) }}
)

select
    present.customer_sk,
    present.as_of_date,
    present.month_number,
    a_month_before.month_end_balance as previous_month_end_balance,
    half_a_year_before.balance_cv_6m as balance_cv_before,
    summed.digital_txn_count_3m,
    summed.digital_txn_count_12m
from present
inner join summed on present.customer_sk = summed.customer_sk and present.month_number = summed.month_number
left join features as a_month_before
    on present.customer_sk = a_month_before.customer_sk and present.month_number = a_month_before.month_number + 1
left join features as half_a_year_before
    on
        present.customer_sk = half_a_year_before.customer_sk
        and present.month_number = half_a_year_before.month_number + 6
