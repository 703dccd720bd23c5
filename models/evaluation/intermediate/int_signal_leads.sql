{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}
{%- set outcomes = ['balance_loss', 'new_inactivity', 'new_overdue'] %}

-- From a signal to the first month-end of twelve with the outcome, for the customers whose signal had fired at the
-- beginning and to whom it had happened by the end. A customer is followed once, however many of its signals had fired.
with fired as (
    select
        customer_sk,
        as_of_date,
        month_number,
        adb_1m,
        signal_code
    from {{ ref('int_fired_signals') }}
    where {{ is_rebuilt('as_of_date', 12) }} and not {{ is_in_newest_months('as_of_date', 12) }}
),

cohorts as (
    select distinct
        fired.customer_sk,
        fired.as_of_date as cohort_date,
        fired.month_number as cohort_month_number,
        fired.adb_1m as cohort_adb_1m,
        outcomes.as_of_date,
        outcomes.month_number,
        outcomes.balance_loss,
        outcomes.new_inactivity,
        outcomes.new_overdue
    from fired
    inner join {{ ref('int_outcomes') }} as outcomes
        on
            fired.customer_sk = outcomes.customer_sk
            and fired.as_of_date = outcomes.cohort_date
            and outcomes.horizon_months = 12
    where
        {{ is_month_rebuilt('outcomes.month_number') }}
        and (outcomes.balance_loss = 1 or outcomes.new_inactivity = 1 or outcomes.new_overdue = 1)
),

definitions as (
    select
        max(case when outcome_code = 'balance_loss' then threshold end) as balance_loss_threshold,
        max(case when outcome_code = 'new_overdue' then threshold end) as new_overdue_threshold
    from {{ ref('outcome_definitions') }}
),

-- the months in between, of these customers alone
later as (
    select customer_sk, month_number, adb_1m, is_inactive, days_past_due
    from {{ ref('int_evaluation_customers') }}
    where
        {{ is_month_rebuilt('month_number', 11) }}
        and customer_sk in (select cohorts.customer_sk from cohorts)
),

followed as (
    select
        cohorts.*,
        months.month_number - cohorts.cohort_month_number as lead_months,
        definitions.balance_loss_threshold * cast(cohorts.cohort_adb_1m as decimal(28, 2)) as kept_amount,
        case when later.customer_sk is null then 0 else later.adb_1m end as adb_1m,
        cohorts.new_inactivity = 1 and coalesce(later.is_inactive, true) as is_new_inactivity,
        cohorts.new_overdue = 1 and coalesce(later.days_past_due > definitions.new_overdue_threshold, false)
            as is_new_overdue
    from cohorts
    cross join definitions
    inner join {{ ref('ledger_months') }} as months
        on cohorts.cohort_month_number < months.month_number and cohorts.month_number >= months.month_number
    left join later on cohorts.customer_sk = later.customer_sk and months.month_number = later.month_number
),

judged as (
    select
        *,
        balance_loss = 1 and coalesce(adb_1m <= kept_amount, false) as is_balance_loss
    from followed
),

-- one pass for all outcomes
led as (
    select
        customer_sk,
        cohort_date,
        {%- for name in outcomes %}
        min(case when is_{{ name }} then lead_months end) as {{ name }}_lead_months,
        {%- endfor %}
        as_of_date,
        month_number
    from judged
    group by customer_sk, cohort_date, as_of_date, month_number
),

signalled as (
    select
        led.*,
        fired.signal_code
    from led
    inner join fired on led.customer_sk = fired.customer_sk and led.cohort_date = fired.as_of_date
)

{%- for name in outcomes %}
{{ 'union all' if not loop.first }}
select
    customer_sk,
    as_of_date,
    month_number,
    signal_code,
    '{{ name }}' as outcome_code,
    {{ name }}_lead_months as lead_months
from signalled
where {{ name }}_lead_months is not null
{%- endfor %}
