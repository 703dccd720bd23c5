{{ config(materialized='incremental', incremental_strategy='rebuild_accounts', on_schema_change='fail') }}

{% set amounts = [
    'inflow_amount', 'outflow_amount', 'largest_outflow_amount', 'other_bank_outflow_amount', 'deposit_amount',
    'largest_deposit_amount', 'investment_flow_amount', 'fee_amount',
] %}
{% set counts = [
    'customer_count', 'counter_count', 'self_service_count', 'online_count', 'mobile_count', 'deposit_count',
    'deposit_counter_count', 'deposit_self_service_count', 'deposit_online_count', 'deposit_mobile_count',
    'standing_payment_count', 'loan_instalment_count', 'card_payment_count', 'penalty_interest_count',
] %}

-- Balance of a day = opening balance + signed amounts up to it. The sum of a month's daily balances needs no daily
-- rows: an amount booked on day d counts (days in month - d + 1) times.
with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

ledger_start as (
    select min(first_date) as first_date from {{ ref('ledger_months') }}
),

-- An opening balance counts from the opening, or from the ledger's first day when that is later.
accounts as (
    select
        accounts.*,
        greatest(accounts.opened_date, ledger_start.first_date) as balance_start_date
    from {{ ref('stg_core__accounts') }} as accounts
    cross join ledger_start
),

carried as (
    {% if is_incremental() -%}
    select account_sk, month_end_balance
    from {{ this }}
    where
        {{ is_account_rebuilt('account_sk', month_number('as_of_date'), 1) }}
        and not {{ is_account_rebuilt('account_sk', month_number('as_of_date')) }}
    {%- else -%}
    select account_sk, opening_balance_amount as month_end_balance from accounts where 1 = 0
    {%- endif %}
),

spine as (
    select
        accounts.account_sk,
        months.as_of_date,
        months.month_number,
        months.days_in_month,
        accounts.currency_code,
        accounts.product_kind,
        coalesce(accounts.closed_date > months.as_of_date, true) as is_open_at_month_end,
        coalesce(carried.month_end_balance, 0) as carried_balance,
        case when accounts.balance_start_date >= months.first_date then accounts.opening_balance_amount else 0 end
            as opening_amount,
        months.days_in_month - cast(extract(day from accounts.balance_start_date) as integer) + 1 as opening_days_held
    from accounts
    cross join months
    left join carried on accounts.account_sk = carried.account_sk
    where
        {{ is_account_rebuilt('accounts.account_sk', 'months.month_number') }}
        -- as a condition of a join, DuckDB takes it for a few thousand rows and runs out of memory on twenty million
        and case
            when
                accounts.balance_start_date <= months.as_of_date
                and {{ date_or_never('accounts.closed_date') }} >= months.first_date
                then 1
            else 0
        end = 1
),

-- The only column that needs an order runs alone: DuckDB sorts and spills whole rows. The wide flows join after it.
balanced as (
    select
        spine.*,
        coalesce(flows.net_flow_amount, 0) as net_flow_amount,
        spine.carried_balance + sum(spine.opening_amount + coalesce(flows.net_flow_amount, 0)) over (
            partition by spine.account_sk
            order by spine.month_number
        ) as month_end_balance
    from spine
    left join {{ ref('int_account_month_flows') }} as flows
        on spine.account_sk = flows.account_sk and spine.as_of_date = flows.as_of_date
),

final as (
    select
        balanced.*,
        flows.transaction_count,
        flows.flow_balance_days,
        flows.least_balance_after,
        {%- for name in amounts + counts %}
        coalesce(flows.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        coalesce(flows.servicing_cost_amount, 0) as servicing_cost_amount,
        coalesce(flows.has_deposit, 0) = 1 as has_deposit,
        coalesce(flows.active_day_set, 0) as active_day_set,
        flows.first_activity_date,
        flows.last_activity_date,
        balanced.month_end_balance - balanced.net_flow_amount as start_balance
    from balanced
    left join {{ ref('int_account_month_flows') }} as flows
        on balanced.account_sk = flows.account_sk and balanced.as_of_date = flows.as_of_date
)

select
    account_sk,
    as_of_date,
    currency_code,
    product_kind,
    is_open_at_month_end,
    cast(month_end_balance as decimal(18, 2)) as month_end_balance,
    cast(
        case
            when not {{ is_landed('core', 'transactions', 'balance_after') }} then null
            when transaction_count is null then start_balance
            when least_balance_after is null then null
            else least(start_balance, least_balance_after)
        end as decimal(18, 2)
    ) as month_min_balance,
    cast(net_flow_amount as decimal(18, 2)) as net_flow_amount,
    cast(
        (start_balance - opening_amount) * days_in_month
        + cast(opening_amount as decimal(28, 2)) * opening_days_held
        + coalesce(flow_balance_days, 0)
        as decimal(28, 2)
    ) as balance_days,
    {%- for name in amounts %}
    cast({{ name }} as decimal(18, 2)) as {{ name }},
    {%- endfor %}
    cast(servicing_cost_amount as decimal(18, 2)) as servicing_cost_amount,
    {%- for name in counts %}
    cast({{ name }} as integer) as {{ name }},
    {%- endfor %}
    has_deposit,
    cast(active_day_set as integer) as active_day_set,
    first_activity_date,
    last_activity_date
from final
