{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Windows over the customer's published months. Sums of squares and products stay exact until the last division,
-- so a month rebuilt alone has the same bits as in a full build.
{%- set unknown_adb = 'case when adb_1m is null then 1 end' %}
{%- set measures = {
    'unknown_count_3m': trailing('count', unknown_adb, 2),
    'unknown_count_prior_3m': trailing('count', unknown_adb, 5, 3),
    'unknown_count_6m': trailing('count', unknown_adb, 5),
    'unknown_count_12m': trailing('count', unknown_adb, 11),
    'unknown_minimum_count_12m': trailing('count', 'case when month_min_balance is null then 1 end', 11),
    'overdraft_months_12m': trailing('sum', 'case when month_min_balance < 0 then 1 else 0 end', 11),
    'adb_sum_3m': trailing('sum', 'adb_1m', 2),
    'known_sum_prior_3m': trailing('sum', 'adb_1m', 5, 3),
    'adb_sum_12m': trailing('sum', 'adb_1m', 11),
    'adb_peak_12m': trailing('max', 'adb_1m', 11),
    'adb_least_12m': trailing('min', 'adb_1m', 11),
    'deposit_sum_12m': trailing('sum', 'deposit_amount_1m', 11),
    'largest_deposit_12m': trailing('max', 'largest_deposit_1m', 11),
    'row_count_6m': trailing('count', 'month_number', 5),
    'month_sum_6m': trailing('sum', 'month_number', 5),
    'month_square_sum_6m': trailing('sum', 'month_number * month_number', 5),
    'log_sum_6m': trailing('sum', 'log_adb', 5),
    'log_product_sum_6m': trailing('sum', 'month_number * log_adb', 5),
    'cents_sum_6m': trailing('sum', 'adb_cents', 5),
    'cents_square_sum_6m': trailing('sum', 'adb_cents * adb_cents', 5),
} %}

with months as (
    select * from {{ ref('ledger_months') }}
),

customer_months as {{ not_materialized() }} (
    select
        customer_months.*,
        months.month_number,
        months.ledger_month_count,
        -- balances on a log scale, so that the trend is a growth rate
        cast(ln(1 + cast(greatest(customer_months.adb_1m, 0) as {{ type_double() }})) as decimal(18, 12)) as log_adb,
        {{ scaled('customer_months.adb_1m', 100) }} as adb_cents
    from {{ ref('customer_months') }} as customer_months
    inner join months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number', 11) }}
),

{{ trailing_months('customer_months', measures) }},

measured as (
    select
        summed.*,
        present.as_of_date,
        present.ledger_month_count,
        present.adb_1m,
        present.aum_1m,
        present.market_value,
        coalesce(summed.known_sum_prior_3m, 0) as adb_sum_prior_3m
    from summed
    inner join present on summed.customer_sk = present.customer_sk and summed.month_number = present.month_number
)

select
    customer_sk,
    as_of_date,
    case when unknown_count_3m = 0 then {{ round_mean('adb_sum_3m', 'least(3, ledger_month_count)') }} end as adb_3m,
    case when unknown_count_12m = 0 then {{ round_mean('adb_sum_12m', 'least(12, ledger_month_count)') }} end
        as adb_12m,
    case
        when ledger_month_count >= 6 and unknown_count_prior_3m = 0 then {{ round_mean('adb_sum_prior_3m', '3') }}
    end as adb_prior_3m,
    case when unknown_count_12m = 0 then cast(adb_peak_12m as decimal(18, 2)) end as adb_peak_12m,
    {{ ratio('market_value', 'aum_1m') }} as market_value_share,
    case when unknown_minimum_count_12m = 0 then cast(overdraft_months_12m as integer) end as overdraft_months_12m,
    case
        when unknown_count_6m = 0 and row_count_6m >= {{ rule_parameter('trend_minimum_months') }}
            then {{ published_ratio(
                'cast(cast(row_count_6m as integer) * cast(log_product_sum_6m as decimal(23, 12))'
                ~ ' - cast(month_sum_6m as integer) * cast(log_sum_6m as decimal(23, 12)) as ' ~ type_double() ~ ')'
                ~ ' / (row_count_6m * month_square_sum_6m - month_sum_6m * month_sum_6m)'
            ) }}
    end as balance_trend_6m,
    case
        when unknown_count_12m = 0 and adb_peak_12m > 0
            then {{ published_ratio(
                '1 - cast(greatest(adb_1m, 0) as ' ~ type_double() ~ ') / cast(adb_peak_12m as '
                ~ type_double() ~ ')'
            ) }}
    end as drawdown_12m,
    case
        when unknown_count_6m = 0 and row_count_6m >= {{ rule_parameter("cv_minimum_months") }} and cents_sum_6m > 0
            then {{ sample_cv('row_count_6m', 'cents_sum_6m', 'cents_square_sum_6m') }}
    end as balance_cv_6m,
    case when unknown_count_12m = 0 then cast(adb_least_12m as decimal(18, 2)) end as core_balance_12m,
    case when unknown_count_12m = 0 then cast(largest_deposit_12m as decimal(18, 2)) end as largest_deposit_12m,
    case when unknown_count_12m = 0 then {{ published_sum('greatest(deposit_sum_12m, 0)') }} end
        as cumulative_deposit_12m
from measured
