{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- How close a customer is to the bank: product lines held, whether this is its main bank, what it contributes.
with customer_months as (
    select
        customer_months.*,
        months.month_number
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number') }}
),

contributions as {{ not_materialized() }} (
    select
        contribution_months.customer_sk,
        months.month_number,
        contribution_months.contribution_1m
    from {{ ref('contribution_months') }} as contribution_months
    inner join {{ ref('ledger_months') }} as months on contribution_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('contribution_months.customer_sk', 'months.month_number', 11) }}
),

{{ trailing_months('contributions', {
    'contribution_sum_12m': trailing('sum', 'contribution_1m', 11),
    'unknown_count_12m': trailing('sum', 'case when contribution_1m is null then 1 else 0 end', 11),
}) }},

held as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        present.contribution_1m,
        case when summed.unknown_count_12m = 0 then summed.contribution_sum_12m end as contribution_12m,
        activity.standing_payment_count_12m,
        activity.customer_txn_per_month_12m,
        -- contra entries may leave no transaction in all, and so no digital share
        case when activity.digital_share_12m > 0 then activity.digital_count_12m else 0 end as digital_count_12m,
        salaries.has_salary_inflow,
        coalesce(positions.has_card, false) or coalesce(loans.has_card, false) or activity.card_payment_count_12m > 0
            as is_card_held,
        case when customer_months.open_account_count > 0 then 1 else 0 end
        + case when positions.has_wealth then 1 else 0 end
        + case when positions.has_insurance then 1 else 0 end
        + case when loans.has_lending then 1 else 0 end
        + case when positions.has_card or loans.has_card or activity.card_payment_count_12m > 0 then 1 else 0 end
            as product_line_count
    from customer_months
    inner join present
        on customer_months.customer_sk = present.customer_sk and customer_months.month_number = present.month_number
    inner join summed
        on customer_months.customer_sk = summed.customer_sk and customer_months.month_number = summed.month_number
    inner join {{ ref('feat_customers__activity') }} as activity
        on customer_months.customer_sk = activity.customer_sk and customer_months.as_of_date = activity.as_of_date
    inner join {{ ref('feat_customers__salary') }} as salaries
        on customer_months.customer_sk = salaries.customer_sk and customer_months.as_of_date = salaries.as_of_date
    left join {{ ref('loan_months') }} as loans
        on customer_months.customer_sk = loans.customer_sk and customer_months.as_of_date = loans.as_of_date
    left join {{ ref('position_months') }} as positions
        on
            customer_months.customer_sk = positions.customer_sk
            and customer_months.month_number = positions.month_number
)

select
    customer_sk,
    as_of_date,
    contribution_1m,
    cast(contribution_12m as decimal(18, 2)) as contribution_12m,
    is_card_held,
    cast(product_line_count as integer) as product_line_count,
    cast(
        {{ primacy_points('salary', 'case when has_salary_inflow then 1 else 0 end') }}
        + {{ primacy_points('standing_payment', 'standing_payment_count_12m') }}
        + {{ primacy_points('customer_txn', 'customer_txn_per_month_12m') }}
        + {{ primacy_points('digital', 'digital_count_12m') }}
        + {{ primacy_points('card', 'case when is_card_held then 1 else 0 end') }}
        + {{ primacy_points('product_line', 'product_line_count') }}
        as integer
    ) as primacy_score
from held
