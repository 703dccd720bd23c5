{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What became of term deposits that matured: placed again within a week (in the month of the seventh day), still with
-- the bank after a month (in the month of the thirtieth). The days are rule parameters.
with judged as (
    select
        events.*,
        coalesce(flows.own_flow_to_rollover_amount, 0) as own_flow_to_rollover_amount,
        coalesce(flows.replaced_units, 0) as replaced_units,
        coalesce(flows.change_units, 0) as change_units,
        rollover_rates.rate_to_base as rollover_rate,
        retention_rates.rate_to_base as retention_rate,
        rollover_rates.rate_to_base is null or coalesce(flows.is_rollover_rate_missing, false)
            as is_rollover_rate_missing,
        retention_rates.rate_to_base is null or coalesce(flows.is_retention_rate_missing, false)
            as is_retention_rate_missing,
        events.maturity_month_end_balance - coalesce(flows.own_flow_to_month_end_amount, 0) as balance_before
    from {{ ref('int_maturity_events') }} as events
    left join {{ ref('int_maturity_flows') }} as flows
        on
            events.customer_sk = flows.customer_sk
            and events.account_sk = flows.matured_account_sk
            and events.maturity_date = flows.maturity_date
    left join {{ ref('int_month_end_rates') }} as rollover_rates
        on
            events.currency_code = rollover_rates.currency_code
            and events.rollover_month_number = rollover_rates.month_number
    left join {{ ref('int_month_end_rates') }} as retention_rates
        on
            events.currency_code = retention_rates.currency_code
            and events.retention_month_number = retention_rates.month_number
    where {{ is_customer_rebuilt('events.customer_sk', 'events.retention_month_number') }}
),

valued as (
    select
        *,
        {{ money_units('greatest(balance_before, 0)', 'ownership_share', 'coalesce(rollover_rate, 0)') }}
            as rollover_base_units,
        {{ money_units('greatest(balance_before, 0)', 'ownership_share', 'coalesce(retention_rate, 0)') }}
            as retention_base_units,
        case
            when is_renewed
                then {{ money_units(
                    'greatest(balance_before + own_flow_to_rollover_amount, 0)', 'ownership_share',
                    'coalesce(rollover_rate, 0)'
                ) }}
            else 0
        end as renewed_units
    from judged
),

outcomes as (
    select
        customer_sk,
        rollover_month_number as month_number,
        is_rollover_rate_missing,
        rollover_base_units as matured_7d_units,
        greatest(least(rollover_base_units, replaced_units + renewed_units), 0) as rolled_7d_units,
        false as is_retention_rate_missing,
        0 as matured_30d_units,
        0 as retained_30d_units
    from valued
    union all
    select
        customer_sk,
        retention_month_number as month_number,
        false as is_rollover_rate_missing,
        0 as matured_7d_units,
        0 as rolled_7d_units,
        is_retention_rate_missing,
        retention_base_units as matured_30d_units,
        greatest(least(retention_base_units, retention_base_units + change_units), 0) as retained_30d_units
    from valued
),

summed as (
    select
        outcomes.customer_sk,
        months.as_of_date,
        {%- for name in ['matured_7d', 'rolled_7d', 'matured_30d', 'retained_30d'] %}
        sum(outcomes.{{ name }}_units) as {{ name }}_units,
        {%- endfor %}
        max(case when outcomes.is_rollover_rate_missing then 1 else 0 end) as is_rollover_rate_missing,
        max(case when outcomes.is_retention_rate_missing then 1 else 0 end) as is_retention_rate_missing
    from outcomes
    inner join {{ ref('ledger_months') }} as months on outcomes.month_number = months.month_number
    where {{ is_customer_rebuilt('outcomes.customer_sk', 'months.month_number') }}
    group by outcomes.customer_sk, months.as_of_date
)

select
    customer_sk,
    as_of_date,
    case when is_rollover_rate_missing = 0 then {{ round_units('matured_7d_units') }} end as matured_7d_amount,
    case when is_rollover_rate_missing = 0 then {{ round_units('rolled_7d_units') }} end as rolled_7d_amount,
    case when is_retention_rate_missing = 0 then {{ round_units('matured_30d_units') }} end as matured_30d_amount,
    case when is_retention_rate_missing = 0 then {{ round_units('retained_30d_units') }} end as retained_30d_amount
from summed
