with published_months as (
    select * from {{ ref('published_months') }}
)

select
    parties.customer_key,
    customer_months.as_of_date,
    basics.customer_type_code,
    customer_months.month_end_balance,
    customer_months.month_min_balance,
    customer_months.net_flow_1m,
    customer_months.adb_1m,
    balances.adb_3m,
    balances.adb_12m,
    customer_months.market_value,
    customer_months.aum_1m,
    customer_months.is_aum_deposits_only,
    customer_months.valuation_change_1m,
    balances.balance_trend_6m,
    balances.drawdown_12m,
    balances.balance_cv_6m,
    balances.core_balance_12m,
    customer_months.largest_deposit_1m,
    balances.largest_deposit_12m,
    customer_months.deposit_amount_1m,
    balances.cumulative_deposit_12m,
    customer_months.open_account_count
from {{ ref('customer_months') }} as customer_months
inner join published_months on customer_months.as_of_date = published_months.as_of_date
inner join {{ ref('stg_core__parties') }} as parties on customer_months.customer_sk = parties.customer_sk
inner join {{ ref('feat_customers__balances') }} as balances
    on customer_months.customer_sk = balances.customer_sk and customer_months.as_of_date = balances.as_of_date
inner join {{ ref('feat_customers__basics') }} as basics
    on customer_months.customer_sk = basics.customer_sk and customer_months.as_of_date = basics.as_of_date
