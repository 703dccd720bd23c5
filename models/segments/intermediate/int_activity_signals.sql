{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The clock of own activity and the signals of potential churn. A signal without its base is not met.
with months as (
    select * from {{ ref('month_rule_versions') }}
    where {{ is_month_rebuilt('month_number') }}
),

ledger_start as (
    select min(first_date) as first_date from {{ ref('ledger_months') }}
),

signals as (
    {{ values_by_version(ref('activity_signals'), 'signal_code', 'threshold', activity_signal_codes()) }}
),

thresholds as (
    {{ values_by_version(ref('segment_thresholds'), 'threshold_code', 'value', ['silence_gap_multiple']) }}
),

-- Without any known activity the clock runs from the first opening, or from the ledger's first day when that is later.
clocked as (
    select
        features.*,
        months.month_number,
        months.rule_version,
        {{ days_between('features.first_opened_date', 'features.as_of_date') }} as days_since_opening,
        coalesce(
            features.days_since_activity,
            {{ days_between('greatest(features.first_opened_date, ledger_start.first_date)', 'features.as_of_date') }}
        ) as inactivity_days
    from {{ ref('customer_features') }} as features
    inner join months on features.as_of_date = months.as_of_date
    cross join ledger_start
    where {{ is_customer_rebuilt('features.customer_sk', 'months.month_number') }}
),

-- Money is widened first: DuckDB multiplies two short decimals in 64 bits.
judged as (
    select
        clocked.*,
        clocked.drawdown_12m >= signals.balance_drawdown as is_balance_drawdown,
        clocked.adb_3m > 0
        and clocked.month_end_balance <= signals.balance_collapse * cast(clocked.adb_3m as decimal(28, 2))
            as is_balance_collapse,
        cast(clocked.is_salary_stopped as integer) >= signals.salary_stopped as is_stopped,
        clocked.matured_30d_amount_3m > 0
        and clocked.retained_30d_amount_3m
        < signals.matured_money_left * cast(clocked.matured_30d_amount_3m as decimal(28, 2)) as is_matured_money_left,
        clocked.adb_3m > 0
        and clocked.month_end_balance <= signals.balance_dip * cast(clocked.adb_3m as decimal(28, 2)) as is_balance_dip,
        clocked.adb_prior_3m > 0
        and clocked.adb_3m <= signals.balance_decline * cast(clocked.adb_prior_3m as decimal(28, 2))
            as is_balance_decline,
        clocked.customer_txn_prior_3m > 0
        and clocked.customer_txn_count_3m <= signals.activity_decline * clocked.customer_txn_prior_3m
            as is_activity_decline,
        clocked.inactivity_days > greatest(
            cast(signals.unusual_silence as {{ type_double() }}),
            coalesce(thresholds.silence_gap_multiple * clocked.mean_activity_gap_days, 0)
        ) as is_unusual_silence
    from clocked
    left join signals on clocked.rule_version = signals.rule_version
    left join thresholds on clocked.rule_version = thresholds.rule_version
)

select
    customer_sk,
    as_of_date,
    month_number,
    rule_version,
    open_account_count,
    adb_peak_12m,
    month_end_balance,
    cast(days_since_opening as integer) as days_since_opening,
    cast(inactivity_days as integer) as inactivity_days,
    term_next_maturity_date is not null as is_term_deposit_held,
    coalesce(has_loan, false) as is_contract_linked,
    coalesce(is_balance_drawdown, false) as is_balance_drawdown,
    coalesce(is_balance_collapse, false) as is_balance_collapse,
    coalesce(is_stopped, false) as is_salary_stopped,
    coalesce(is_matured_money_left, false) as is_matured_money_left,
    -- the mild form of a signal doesn't count beside the severe one
    coalesce(is_balance_dip and not coalesce(is_balance_collapse, false), false) as is_balance_dip,
    coalesce(is_balance_decline, false) as is_balance_decline,
    coalesce(is_activity_decline, false) as is_activity_decline,
    coalesce(is_unusual_silence, false) as is_unusual_silence
from judged
