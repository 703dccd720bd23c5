{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

-- What has happened to the customers of a cohort by the end of a horizon: 1 or 0, null where it couldn't happen or
-- isn't known. as_of_date is the end of the horizon, so nothing looks ahead.
with months as (
    select
        months.as_of_date,
        months.month_number,
        horizons.horizon_months,
        months.month_number - horizons.horizon_months as cohort_month_number
    from {{ ref('ledger_months') }} as months
    cross join {{ ref('outcome_horizons') }} as horizons
    where
        {{ is_month_rebuilt('months.month_number') }}
        and {{ is_newest_month('months.month_number', rule_parameter('outcome_months')) }}
),

definitions as (
    select
        {%- for name in outcome_codes() %}
        max(case when outcome_code = '{{ name }}' then threshold end) as {{ name }}_threshold,
        max(case when outcome_code = '{{ name }}' then minimum_base end) as {{ name }}_base,
        {%- endfor %}
        count(*) as outcome_count
    from {{ ref('outcome_definitions') }}
),

delays as (
    select
        loans.customer_sk,
        {{ month_number('positions.position_date') }} as month_number,
        max(positions.days_past_due) as days_past_due
    from {{ ref('stg_lending__loan_positions') }} as positions
    inner join {{ ref('stg_lending__loans') }} as loans on positions.loan_key = loans.loan_key
    group by loans.customer_sk, {{ month_number('positions.position_date') }}
),

-- the longest delay of payment on a position dated within the horizon
longest_delays as (
    select
        delays.customer_sk,
        months.month_number,
        months.horizon_months,
        max(delays.days_past_due) as days_past_due
    from delays
    inner join months
        on delays.month_number > months.cohort_month_number and delays.month_number <= months.month_number
    group by delays.customer_sk, months.month_number, months.horizon_months
),

followed as (
    select
        cohort.customer_sk,
        months.as_of_date,
        months.month_number,
        months.horizon_months,
        cohort.as_of_date as cohort_date,
        cohort.adb_1m as cohort_adb_1m,
        cohort.is_inactive as was_inactive,
        cohort.loan_outstanding as cohort_loan_outstanding,
        coalesce(cohort.days_past_due, 0) as cohort_days_past_due,
        -- whoever has no row has left
        case when later.customer_sk is null then 0 else later.adb_1m end as adb_1m,
        coalesce(later.is_inactive, true) as is_inactive,
        longest_delays.days_past_due
    from months
    inner join {{ ref('int_evaluation_customers') }} as cohort on months.cohort_month_number = cohort.month_number
    left join {{ ref('int_evaluation_customers') }} as later
        on cohort.customer_sk = later.customer_sk and months.month_number = later.month_number
    left join longest_delays
        on
            cohort.customer_sk = longest_delays.customer_sk
            and months.month_number = longest_delays.month_number
            and months.horizon_months = longest_delays.horizon_months
),

-- money is widened first: DuckDB multiplies two short decimals in 64 bits
bounded as (
    select
        followed.*,
        definitions.balance_loss_threshold * cast(followed.cohort_adb_1m as decimal(28, 2)) as kept_amount
    from followed
    cross join definitions
)

select
    followed.customer_sk,
    followed.as_of_date,
    followed.month_number,
    followed.horizon_months,
    followed.cohort_date,
    case
        when followed.cohort_adb_1m >= definitions.balance_loss_base
            then cast(followed.adb_1m <= followed.kept_amount as integer)
    end as balance_loss,
    cast(followed.is_inactive as integer) as inactivity,
    case when not followed.was_inactive then cast(followed.is_inactive as integer) end as new_inactivity,
    case
        when followed.cohort_loan_outstanding > definitions.overdue_base
            then cast(coalesce(followed.days_past_due > definitions.overdue_threshold, false) as integer)
    end as overdue,
    case
        when followed.cohort_loan_outstanding > definitions.new_overdue_base
            and followed.cohort_days_past_due <= definitions.new_overdue_threshold
            then cast(coalesce(followed.days_past_due > definitions.new_overdue_threshold, false) as integer)
    end as new_overdue
from bounded as followed
cross join definitions
