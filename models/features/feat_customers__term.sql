{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Term deposits: their share, when they fall due, and what became of those that matured in the last year. Maturities
-- count also in months in which the customer had no row.
{% set steps = [
    'term_due_30d_amount', 'term_due_90d_amount', 'term_due_180d_amount', 'term_due_365d_amount',
    'term_due_over_365d_amount',
] %}
{% set outcomes_12m = ['matured_7d_amount', 'rolled_7d_amount', 'matured_30d_amount', 'retained_30d_amount'] %}
{% set outcomes_3m = ['matured_30d_amount', 'retained_30d_amount'] %}

with customer_months as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        months.month_number,
        customer_months.adb_1m,
        customer_months.term_adb_1m,
        customer_months.positive_adb_1m
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number') }}
),

maturities as (
    select
        maturity_months.*,
        months.month_number
    from {{ ref('maturity_months') }} as maturity_months
    inner join {{ ref('ledger_months') }} as months on maturity_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('maturity_months.customer_sk', 'months.month_number', 11) }}
),

matured as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        {%- for name in outcomes_12m %}
        case when count(*) = count(maturities.{{ name }}) then sum(maturities.{{ name }}) end as {{ name }}_12m,
        {%- endfor %}
        {%- for name in outcomes_3m %}
        sum(case when customer_months.month_number - maturities.month_number < 3 then maturities.{{ name }} else 0 end)
            as {{ name }}_3m,
        {%- endfor %}
        sum(
            case
                when
                    customer_months.month_number - maturities.month_number < 3
                    and maturities.matured_30d_amount is null
                    then 1
                else 0
            end
        ) as unknown_count_3m
    from customer_months
    inner join maturities
        on
            customer_months.customer_sk = maturities.customer_sk
            and customer_months.month_number - maturities.month_number between 0 and 11
    group by customer_months.customer_sk, customer_months.as_of_date
),

joined as (
    select
        customer_months.*,
        terms.balance_units,
        terms.balance_days_units,
        terms.next_maturity_date,
        coalesce(terms.is_convertible, true) and customer_months.adb_1m is not null as is_known,
        {%- for step in steps %}
        terms.{{ step }},
        {%- endfor %}
        {%- for name in outcomes_12m %}
        case when matured.customer_sk is null then 0 else matured.{{ name }}_12m end as {{ name }}_12m,
        {%- endfor %}
        {%- for name in outcomes_3m %}
        case when coalesce(matured.unknown_count_3m, 0) = 0 then coalesce(matured.{{ name }}_3m, 0) end
            as {{ name }}_3m,
        {%- endfor %}
        matured.customer_sk as matured_customer_sk
    from customer_months
    left join {{ ref('term_months') }} as terms
        on customer_months.customer_sk = terms.customer_sk and customer_months.as_of_date = terms.as_of_date
    left join matured
        on customer_months.customer_sk = matured.customer_sk and customer_months.as_of_date = matured.as_of_date
)

select
    customer_sk,
    as_of_date,
    term_adb_1m,
    {{ ratio('term_adb_1m', 'positive_adb_1m') }} as term_share,
    -- a year of 365.25 days has twelve months
    case
        when is_known
            then {{ ratio('balance_days_units * 12', 'balance_units * ' ~ rule_parameter('days_a_year')) }}
    end as weighted_months_to_maturity,
    {%- for step in steps %}
    case when is_known then cast(coalesce({{ step }}, 0) as decimal(18, 2)) end as {{ step }},
    {%- endfor %}
    next_maturity_date as term_next_maturity_date,
    cast(matured_7d_amount_12m as decimal(18, 2)) as matured_amount_12m,
    {{ ratio('rolled_7d_amount_12m', 'matured_7d_amount_12m') }} as rollover_rate_12m,
    {{ ratio('retained_30d_amount_12m', 'matured_30d_amount_12m') }} as retained_after_maturity_12m,
    cast(matured_30d_amount_3m as decimal(18, 2)) as matured_30d_amount_3m,
    cast(retained_30d_amount_3m as decimal(18, 2)) as retained_30d_amount_3m
from joined
