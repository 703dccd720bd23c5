-- Fingerprints of customers, accounts and transactions, by the account or customer that each fact is about and the day
-- on which it first acts. Only columns that a month is made of: what nothing reads makes no month again.
with accounts as (
    select * from {{ ref('stg_core__accounts') }}
),

customer_starts as (
    select
        holders.customer_sk,
        min(accounts.opened_date) as start_date
    from {{ ref('stg_core__account_holders') }} as holders
    inner join accounts on holders.account_sk = accounts.account_sk
    group by holders.customer_sk
)

select
    account_sk,
    cast(null as bigint) as customer_sk,
    booked_date as effective_date,
    fingerprint
from {{ ref('stg_core__transactions') }}

union all

-- an account's columns act from its opening, its closing from the closing date
select
    account_sk,
    cast(null as bigint) as customer_sk,
    opened_date as effective_date,
    {{ row_fingerprint([
        'account_sk', 'product_code', 'product_kind', 'currency_code', 'opened_date', 'term_months',
        'maturity_date', 'interest_rate', 'is_auto_renewed', 'opening_balance_amount',
    ]) }} as fingerprint
from accounts

union all

select
    account_sk,
    cast(null as bigint) as customer_sk,
    closed_date as effective_date,
    {{ row_fingerprint(['account_sk', 'closed_date']) }} as fingerprint
from accounts
where closed_date is not null

union all

select
    cast(null as bigint) as account_sk,
    holders.customer_sk,
    accounts.opened_date as effective_date,
    {{ row_fingerprint(['holders.account_sk', 'holders.customer_sk', 'holders.ownership_share']) }} as fingerprint
from {{ ref('stg_core__account_holders') }} as holders
inner join accounts on holders.account_sk = accounts.account_sk

union all

-- the oldest version of a customer holds for all months before it too
select
    cast(null as bigint) as account_sk,
    customers.customer_sk,
    case
        when customers.is_oldest_version then customer_starts.start_date
        else greatest(customer_starts.start_date, cast(customers.updated_at as date))
    end as effective_date,
    {{ row_fingerprint([
        'customers.customer_sk', 'customers.member_sk', 'customers.updated_at', 'customers.customer_type',
        'customers.birth_date', 'customers.gender_code', 'customers.education_code', 'customers.occupation_code',
        'customers.marital_status_code', 'customers.dependents_count', 'customers.industry_code',
        'customers.enterprise_size_code', 'customers.employee_count', 'customers.annual_revenue_amount',
        'customers.region_code', 'customers.branch_id', 'customers.relationship_manager_key',
        'customers.customer_since_date',
    ]) }} as fingerprint
from {{ ref('stg_core__customers') }} as customers
inner join customer_starts on customers.customer_sk = customer_starts.customer_sk
