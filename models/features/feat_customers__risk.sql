{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Credit and suitability: arrears, classification and rating; what the newest risk assessment says while it is valid,
-- and whether it fits the products that are held.
with customer_months as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        months.month_number
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number') }}
),

-- the worst arrears of all positions dated in a month, whether or not they were the last of it
dated_positions as (
    select
        loans.customer_sk,
        {{ month_number('positions.position_date') }} as month_number,
        positions.days_past_due
    from {{ ref('stg_lending__loan_positions') }} as positions
    inner join {{ ref('stg_lending__loans') }} as loans on positions.loan_key = loans.loan_key
),

dated_months as (
    select
        customer_sk,
        month_number,
        max(days_past_due) as days_past_due
    from dated_positions
    group by customer_sk, month_number
),

ledger_start as (
    select min(month_number) as first_month_number from {{ ref('ledger_months') }}
),

arrears as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        max(dated_months.days_past_due) as max_dpd_12m,
        sum(case when dated_months.days_past_due > 0 then 1 else 0 end) as overdue_months_12m
    from customer_months
    inner join dated_months
        on
            customer_months.customer_sk = dated_months.customer_sk
            and customer_months.month_number - dated_months.month_number between 0 and 11
    -- a month before the ledger belongs to no window
    cross join ledger_start
    where dated_months.month_number >= ledger_start.first_month_number
    group by customer_months.customer_sk, customer_months.as_of_date
),

ratings as (
    select
        *,
        lead(rated_date) over (partition by customer_sk order by rated_date) as next_rated_date
    from {{ ref('customer_ratings') }}
),

assessments as (
    select
        *,
        lead(assessed_date) over (partition by customer_sk order by assessed_date) as next_assessed_date,
        {{ days_after('assessed_date', rule_parameter('assessment_validity_days')) }} as last_valid_date
    from {{ ref('int_risk_assessments') }}
),

joined as (
    select
        customer_months.customer_sk,
        customer_months.as_of_date,
        arrears.max_dpd_12m,
        arrears.overdue_months_12m,
        loans.days_past_due,
        loans.worst_five_class,
        -- no loan is no debt, but only where loans are landed at all
        case
            when not ({{ is_landed('lending', 'loans') }} and {{ is_landed('lending', 'loan_positions') }}) then null
            when loans.customer_sk is null then 0
            else loans.loan_outstanding_amount
        end as loan_outstanding,
        loans.non_performing_amount,
        ratings.rating_code as credit_rating_code,
        assessments.risk_level_code,
        assessments.level as assessed_level,
        assessments.risk_preference_code,
        assessments.tolerance_score as risk_tolerance_score,
        assessments.awareness_score as risk_awareness_score,
        {{ ratio('positions.risk_weighted_units', 'positions.risk_bearing_units') }} as implied_risk_level
    from customer_months
    left join arrears
        on customer_months.customer_sk = arrears.customer_sk and customer_months.as_of_date = arrears.as_of_date
    left join {{ ref('loan_months') }} as loans
        on customer_months.customer_sk = loans.customer_sk and customer_months.as_of_date = loans.as_of_date
    left join ratings
        on
            customer_months.customer_sk = ratings.customer_sk
            and customer_months.as_of_date >= ratings.rated_date
            and customer_months.as_of_date < {{ date_or_never('ratings.next_rated_date') }}
    left join assessments
        on
            customer_months.customer_sk = assessments.customer_sk
            and customer_months.as_of_date >= assessments.assessed_date
            and customer_months.as_of_date < {{ date_or_never('assessments.next_assessed_date') }}
            and customer_months.as_of_date <= assessments.last_valid_date
    left join {{ ref('position_months') }} as positions
        on
            customer_months.customer_sk = positions.customer_sk
            and customer_months.month_number = positions.month_number
)

select
    customer_sk,
    as_of_date,
    cast(loan_outstanding as decimal(18, 2)) as loan_outstanding,
    loan_outstanding > 0 as has_loan,
    cast(max_dpd_12m as integer) as max_dpd_12m,
    cast(overdue_months_12m as integer) as overdue_months_12m,
    {{ ratio('non_performing_amount', 'loan_outstanding') }} as npl_share,
    credit_rating_code,
    cast(days_past_due as integer) as days_past_due,
    cast(worst_five_class as integer) as worst_five_class,
    risk_level_code,
    risk_preference_code,
    risk_tolerance_score,
    risk_awareness_score,
    implied_risk_level,
    abs(implied_risk_level - assessed_level) >= {{ rule_parameter('profile_conflict_levels') }}
        as is_risk_profile_conflict
from joined
