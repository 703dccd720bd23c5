-- Fingerprints of positions, assessments, loans, ratings, judgements, complaints, objections and market data, by the
-- customer that each fact is about, if any, and the day on which it first acts.
select
    customer_sk,
    position_date as effective_date,
    {{ row_fingerprint([
        'customer_sk', 'member_sk', 'product_code', 'currency_code', 'position_date', 'market_value_amount',
    ]) }} as fingerprint
from {{ ref('stg_wealth__positions') }}

union all

select
    loans.customer_sk,
    loan_positions.position_date as effective_date,
    {{ row_fingerprint([
        'loans.customer_sk', 'loan_positions.loan_key', 'loan_positions.position_date',
        'loan_positions.outstanding_amount', 'loan_positions.days_past_due', 'loan_positions.five_class_code',
        'loans.currency_code', 'loans.product_code', 'loans.interest_rate', 'loans.principal_amount',
        'loans.disbursed_date', 'loans.maturity_date',
    ]) }} as fingerprint
from {{ ref('stg_lending__loan_positions') }} as loan_positions
inner join {{ ref('stg_lending__loans') }} as loans on loan_positions.loan_key = loans.loan_key

union all

select
    customer_sk,
    valid_from as effective_date,
    {{ row_fingerprint([
        'customer_sk', 'dimension', 'value_code', 'reason_rank', 'is_approved', 'valid_from', 'valid_to',
    ]) }} as fingerprint
from {{ ref('stg_crm__judgements') }}

union all

select
    cast(null as bigint) as customer_sk,
    rate_date as effective_date,
    {{ row_fingerprint(['currency_code', 'rate_date', 'rate_to_base']) }} as fingerprint
from {{ ref('stg_market__fx_rates') }}

union all

select
    customer_sk,
    cast(assessed_at as date) as effective_date,
    {{ row_fingerprint(['customer_sk', 'assessed_at', 'risk_level_code', 'tolerance_score', 'awareness_score']) }}
        as fingerprint
from {{ ref('stg_wealth__risk_assessments') }}

union all

select
    customer_sk,
    cast(rated_at as date) as effective_date,
    {{ row_fingerprint(['customer_sk', 'rated_at', 'rating_code']) }} as fingerprint
from {{ ref('stg_lending__credit_ratings') }}

union all

select
    cast(null as bigint) as customer_sk,
    rate_date as effective_date,
    {{ row_fingerprint(['curve_code', 'tenor_months', 'rate_date', 'annual_rate']) }} as fingerprint
from {{ ref('stg_market__interest_rates') }}

union all

select
    cast(null as bigint) as customer_sk,
    period_end_date as effective_date,
    {{ row_fingerprint([
        'region_code', 'period_end_date', 'average_wage_amount', 'unemployment_rate', 'gdp_per_capita_amount',
    ]) }} as fingerprint
from {{ ref('stg_market__regions') }}

union all

-- of the contacts only complaints and objections are looked at month by month
select
    customer_sk,
    cast(occurred_at as date) as effective_date,
    {{ row_fingerprint(['customer_sk', 'interaction_key', 'occurred_at', 'interaction_type_code', 'outcome_code']) }}
        as fingerprint
from {{ ref('stg_crm__interactions') }}
where interaction_type_code in ('complaint', 'objection')
