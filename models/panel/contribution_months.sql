{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What a customer contributed in a month, rounded once: margins of deposits and loans over their transfer prices, plus
-- fees, less the cost of its transactions and the expected loss. A year has 12 months; a balance counts by its days.
with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

joined as (
    select
        deposits.customer_sk,
        deposits.as_of_date,
        months.days_in_month,
        deposits.is_known and coalesce(loans.is_known, true) as is_known,
        deposits.is_known as is_deposit_margin_known,
        deposits.margin_days_units,
        deposits.balance_days_units,
        deposits.fee_units,
        deposits.servicing_cost_units,
        coalesce(loans.margin_units - loans.expected_loss_units, 0) as loan_units
    from {{ ref('int_deposit_margins') }} as deposits
    inner join months on deposits.as_of_date = months.as_of_date
    left join {{ ref('int_loan_margins') }} as loans
        on deposits.customer_sk = loans.customer_sk and deposits.as_of_date = loans.as_of_date
    where {{ is_customer_rebuilt('deposits.customer_sk', 'months.month_number') }}
)

select
    customer_sk,
    as_of_date,
    case
        when is_known
            then {{ round_margin(
                'margin_days_units + loan_units * days_in_month'
                ~ ' + (fee_units - servicing_cost_units) * (' ~ margin_scale() ~ ' * 12 * days_in_month)',
                '12 * days_in_month'
            ) }}
    end as contribution_1m,
    -- how far the rate that the customer gets lies below the transfer price, over all its deposits
    case
        when is_deposit_margin_known
            then {{ published_ratio(
                'cast(margin_days_units as ' ~ type_double() ~ ') / cast(' ~ margin_scale() ~ ' as ' ~ type_double()
                ~ ') / nullif(cast(greatest(balance_days_units, 0) as ' ~ type_double() ~ '), 0)'
            ) }}
    end as deposit_rate_gap
from joined
