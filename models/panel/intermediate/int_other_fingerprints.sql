-- Fingerprints of wealth positions, loans, judgements and rates, by the day on which each fact first acts.
select
    position_date as effective_date,
    {{ row_fingerprint([
        'customer_sk', 'member_sk', 'product_code', 'currency_code', 'position_date', 'market_value_amount',
    ]) }} as fingerprint
from {{ ref('stg_wealth__positions') }}

union all

select
    loan_positions.position_date as effective_date,
    {{ row_fingerprint([
        'loans.customer_sk', 'loan_positions.loan_key', 'loan_positions.position_date',
        'loan_positions.outstanding_amount', 'loan_positions.days_past_due', 'loan_positions.five_class_code',
        'loans.currency_code',
    ]) }} as fingerprint
from {{ ref('stg_lending__loan_positions') }} as loan_positions
inner join {{ ref('stg_lending__loans') }} as loans on loan_positions.loan_key = loans.loan_key

union all

select
    valid_from as effective_date,
    {{ row_fingerprint([
        'customer_sk', 'dimension', 'value_code', 'reason', 'is_approved', 'valid_from', 'valid_to',
    ]) }} as fingerprint
from {{ ref('stg_crm__judgements') }}

union all

select
    rate_date as effective_date,
    {{ row_fingerprint(['currency_code', 'rate_date', 'rate_to_base']) }} as fingerprint
from {{ ref('stg_market__fx_rates') }}
