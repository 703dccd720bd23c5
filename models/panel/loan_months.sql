{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The loans of a customer as last known on each month-end.
with positions as (
    select
        positions.*,
        products.product_line = 'card' as is_card
    from {{ ref('int_loan_position_months') }} as positions
    inner join {{ ref('product_codes') }} as products on positions.product_code = products.product_code
    where {{ is_customer_month_end_rebuilt('positions.customer_sk', 'positions.as_of_date') }}
),

summed as (
    select
        customer_sk,
        as_of_date,
        max(days_past_due) as days_past_due,
        max(five_class) as worst_five_class,
        max(case when is_outstanding and not is_card then 1 else 0 end) = 1 as has_lending,
        max(case when is_card then 1 else 0 end) = 1 as has_card,
        count(*) = count(outstanding_units) as is_convertible,
        sum(outstanding_units) as outstanding_units,
        sum(case when five_class >= {{ rule_parameter('npl_five_class') }} then outstanding_units else 0 end)
            as non_performing_units,
        count(*) = count(instalment_units) as is_instalment_known,
        sum(instalment_units) as instalment_units
    from positions
    group by customer_sk, as_of_date
)

select
    customer_sk,
    as_of_date,
    days_past_due,
    worst_five_class,
    has_lending,
    has_card,
    case when is_convertible then {{ round_units('outstanding_units') }} end as loan_outstanding_amount,
    case when is_convertible then {{ round_units('non_performing_units') }} end as non_performing_amount,
    case when is_instalment_known then {{ round_units('instalment_units') }} end as monthly_instalment_amount
from summed
