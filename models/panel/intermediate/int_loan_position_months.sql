{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Every loan as last known on each month-end, with its amounts in exact money units (see money_units). Positions that
-- are long over by the first month to build aren't read: they count in none of them, and end no other.
{% set validity_days = rule_parameter('loan_position_validity_days') %}

with positions as (
    select
        loans.customer_sk,
        loans.product_code,
        loans.currency_code,
        loans.interest_rate,
        loans.principal_amount,
        {{ whole_months_between('loans.disbursed_date', 'loans.maturity_date') }} as tenor_months,
        loan_positions.*,
        lead(loan_positions.position_date) over (
            partition by loan_positions.loan_key
            order by loan_positions.position_date
        ) as next_position_date
    from {{ ref('stg_lending__loan_positions') }} as loan_positions
    inner join {{ ref('stg_lending__loans') }} as loans on loan_positions.loan_key = loans.loan_key
    where {{ is_customer_month_end_rebuilt(
        'loans.customer_sk', days_after('loan_positions.position_date', validity_days)
    ) }}
)

select
    positions.customer_sk,
    positions.loan_key,
    months.as_of_date,
    months.month_number,
    positions.product_code,
    positions.interest_rate,
    positions.tenor_months,
    positions.days_past_due,
    cast(positions.five_class_code as integer) as five_class,
    positions.outstanding_amount > 0 as is_outstanding,
    {{ money_units('positions.outstanding_amount', '1', 'rates.rate_to_base') }} as outstanding_units,
    case
        when positions.outstanding_amount > 0
            then {{ money_units(
                monthly_annuity('positions.principal_amount', 'positions.interest_rate', 'positions.tenor_months'), '1',
                'rates.rate_to_base'
            ) }}
        when positions.outstanding_amount is not null then 0
    end as instalment_units
from positions
inner join {{ ref('ledger_months') }} as months
    on
        positions.position_date <= months.as_of_date
        and {{ date_or_never('positions.next_position_date') }} > months.as_of_date
        and {{ days_between('positions.position_date', 'months.as_of_date') }} < {{ validity_days }}
left join {{ ref('int_month_end_rates') }} as rates
    on positions.currency_code = rates.currency_code and months.month_number = rates.month_number
where {{ is_customer_rebuilt('positions.customer_sk', 'months.month_number') }}
