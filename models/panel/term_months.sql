{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The customer's term deposits that are still to mature, by the time until they do. One that has matured and was left
-- where it is stands in no step.
{% set steps = [
    'term_due_30d_amount', 'term_due_90d_amount', 'term_due_180d_amount', 'term_due_365d_amount',
    'term_due_over_365d_amount',
] %}

with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

due as (
    select
        holders.customer_sk,
        accounts.as_of_date,
        maturities.maturity_date,
        maturities.is_renewed,
        accounts.month_end_balance,
        {{ days_between('accounts.as_of_date', 'maturities.maturity_date') }} as days_to_maturity,
        {{ money_units('greatest(accounts.month_end_balance, 0)', 'holders.ownership_share', 'rates.rate_to_base') }}
            as balance_units
    from {{ ref('account_months') }} as accounts
    inner join months on accounts.as_of_date = months.as_of_date
    inner join {{ ref('int_term_maturities') }} as maturities
        on
            accounts.account_sk = maturities.account_sk
            and accounts.as_of_date < maturities.maturity_date
            and accounts.as_of_date >= coalesce(maturities.previous_maturity_date, cast('0001-01-01' as date))
    inner join {{ ref('stg_core__account_holders') }} as holders on accounts.account_sk = holders.account_sk
    left join {{ ref('int_month_end_rates') }} as rates
        on accounts.currency_code = rates.currency_code and months.month_number = rates.month_number
    where accounts.is_open_at_month_end and {{ is_customer_rebuilt('holders.customer_sk', 'months.month_number') }}
),

stepped as (
    select
        due.*,
        steps.feature
    from due
    left join {{ ref('term_ladder_steps') }} as steps
        on due.days_to_maturity >= steps.min_days and due.days_to_maturity < steps.below_days
),

summed as (
    select
        customer_sk,
        as_of_date,
        count(*) = count(balance_units) as is_convertible,
        {%- for step in steps %}
        sum(case when feature = '{{ step }}' then balance_units else 0 end) as {{ step }}_units,
        {%- endfor %}
        sum(case when feature = '{{ steps | first }}' and not is_renewed then balance_units else 0 end)
            as uninstructed_due_units,
        sum(balance_units) as balance_units,
        sum(balance_units * days_to_maturity) as balance_days_units,
        min(case when month_end_balance > 0 then maturity_date end) as next_maturity_date
    from stepped
    group by customer_sk, as_of_date
)

select
    customer_sk,
    as_of_date,
    {%- for step in steps %}
    case when is_convertible then {{ round_units(step ~ '_units') }} end as {{ step }},
    {%- endfor %}
    case when is_convertible then {{ round_units('uninstructed_due_units') }} end as uninstructed_due_amount,
    next_maturity_date,
    is_convertible,
    case when is_convertible then balance_units end as balance_units,
    case when is_convertible then balance_days_units end as balance_days_units
from summed
