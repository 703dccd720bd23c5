-- One fingerprint per ledger month over all facts that first act in it. A refresh compares them with those of the
-- last complete build to find the first month that it has to make again.
with ledger as (
    select
        min(month_number) as first_month_number,
        max(month_number) as last_month_number
    from {{ ref('ledger_months') }}
),

accounts as (
    select * from {{ ref('stg_core__accounts') }}
),

customer_starts as (
    select
        holders.customer_sk,
        min(accounts.opened_date) as start_date
    from {{ ref('stg_core__account_holders') }} as holders
    inner join accounts on holders.account_sk = accounts.account_sk
    group by holders.customer_sk
),

facts as (
    select
        booked_date as effective_date,
        {{ row_fingerprint([
            'account_sk', 'booked_date', 'signed_amount', 'balance_after', 'effective_sign', 'effective_direction',
            'effective_transaction_code', 'effective_initiator', 'effective_channel_code',
            'effective_counterparty_bank_code', 'payer_key',
        ]) }} as fingerprint
    from {{ ref('stg_core__transactions') }}

    union all

    -- an account's columns act from its opening, its closing from the closing date
    select
        opened_date as effective_date,
        {{ row_fingerprint([
            'account_sk', 'product_code', 'product_kind', 'currency_code', 'opened_date', 'term_months',
            'maturity_date', 'interest_rate', 'is_auto_renewed', 'opening_balance_amount', 'opening_channel_code',
        ]) }} as fingerprint
    from accounts

    union all

    select
        closed_date as effective_date,
        {{ row_fingerprint(['account_sk', 'closed_date']) }} as fingerprint
    from accounts
    where closed_date is not null

    union all

    select
        accounts.opened_date as effective_date,
        {{ row_fingerprint(['holders.account_sk', 'holders.customer_sk', 'holders.ownership_share']) }} as fingerprint
    from {{ ref('stg_core__account_holders') }} as holders
    inner join accounts on holders.account_sk = accounts.account_sk

    union all

    -- the oldest version of a customer holds for all months before it too
    select
        case
            when customers.is_oldest_version then customer_starts.start_date
            else greatest(customer_starts.start_date, cast(customers.updated_at as date))
        end as effective_date,
        {{ row_fingerprint([
            'customers.customer_sk', 'customers.member_sk', 'customers.updated_at', 'customers.customer_type',
            'customers.birth_date', 'customers.gender_code', 'customers.education_code', 'customers.occupation_code',
            'customers.marital_status_code', 'customers.dependents_count', 'customers.declared_annual_income_amount',
            'customers.industry_code', 'customers.enterprise_size_code', 'customers.employee_count',
            'customers.annual_revenue_amount', 'customers.region_code', 'customers.branch_id',
            'customers.relationship_manager_key', 'customers.customer_since_date',
        ]) }} as fingerprint
    from {{ ref('stg_core__customers') }} as customers
    inner join customer_starts on customers.customer_sk = customer_starts.customer_sk

    union all

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

    union all

    select
        effective_date,
        fingerprint
    from {{ ref('int_rule_fingerprints') }}
),

dated as (
    select
        greatest({{ month_number('facts.effective_date') }}, ledger.first_month_number) as month_number,
        facts.fingerprint
    from facts
    cross join ledger
    where {{ month_number('facts.effective_date') }} <= ledger.last_month_number
),

summed as (
    select
        month_number,
        sum(fingerprint) as fingerprint
    from dated
    group by month_number
)

select
    months.as_of_date,
    months.month_number,
    cast(coalesce(summed.fingerprint, 0) as {{ dbt.type_string() }}) as fingerprint
from {{ ref('ledger_months') }} as months
left join summed on months.month_number = summed.month_number
