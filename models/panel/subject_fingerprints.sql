-- depends_on: {{ ref('month_fingerprints') }}
-- One fingerprint per account and customer over all facts of it, those of a customer's accounts with its own. Where a
-- refresh finds that an old month differs, this tells whose; where none does, the last build's are still those of what
-- it knew, and only younger facts are added.
{% set built_months = built_relation('built_months') %}
{% set unchanged_to = date_built_unchanged() %}

-- days are compared as they are: to ask each fact for the number of its month is dear
with newest as (
    select
        months.as_of_date,
        {% if built_months -%}
        built.as_of_date as built_as_of_date
        {%- else -%}
        cast(null as date) as built_as_of_date
        {%- endif %}
    from (select max(as_of_date) as as_of_date from {{ ref('ledger_months') }}) as months
    {% if built_months -%}
    cross join (select max(as_of_date) as as_of_date from {{ built_months }}) as built
    {%- endif %}
),

facts as (
    select account_sk, customer_sk, effective_date, fingerprint from {{ ref('int_core_fingerprints') }}
    union all
    select cast(null as bigint) as account_sk, customer_sk, effective_date, fingerprint
    from {{ ref('int_other_fingerprints') }}
    where customer_sk is not null
),

dated as (
    select
        facts.account_sk,
        facts.customer_sk,
        facts.fingerprint,
        case when facts.effective_date <= newest.built_as_of_date then facts.fingerprint else 0 end as built_fingerprint
    from facts
    cross join newest
    where
        facts.effective_date <= newest.as_of_date
        and facts.effective_date > {{ unchanged_to or "cast('0001-01-01' as date)" }}
),

summed as (
    select
        account_sk,
        customer_sk,
        sum(fingerprint) as fingerprint,
        sum(built_fingerprint) as built_fingerprint
    from dated
    group by account_sk, customer_sk
),

parts as (
    select customer_sk, fingerprint, built_fingerprint
    from summed
    where customer_sk is not null
    union all
    select holders.customer_sk, summed.fingerprint, summed.built_fingerprint
    from summed
    inner join {{ ref('stg_core__account_holders') }} as holders on summed.account_sk = holders.account_sk
),

customers as (
    select
        customer_sk,
        sum(fingerprint) as fingerprint,
        sum(built_fingerprint) as built_fingerprint
    from parts
    group by customer_sk
),

subjects as (
    select
        account_sk,
        cast(null as bigint) as customer_sk,
        cast(null as {{ dbt.type_string() }}) as customer_key,
        fingerprint,
        built_fingerprint
    from summed
    where account_sk is not null
    union all
    select
        cast(null as bigint) as account_sk,
        customers.customer_sk,
        parties.customer_key,
        customers.fingerprint,
        customers.built_fingerprint
    from customers
    left join {{ ref('stg_core__parties') }} as parties on customers.customer_sk = parties.customer_sk
    {%- if unchanged_to %}
    union all
    select
        account_sk,
        customer_sk,
        customer_key,
        cast(fingerprint as {{ type_exact_integer() }}) as fingerprint,
        cast(fingerprint as {{ type_exact_integer() }}) as built_fingerprint
    from {{ built_relation('built_fingerprints') }}
    {%- endif %}
)

select
    account_sk,
    customer_sk,
    max(customer_key) as customer_key,
    cast(sum(fingerprint) as {{ dbt.type_string() }}) as fingerprint,
    cast(sum(built_fingerprint) as {{ dbt.type_string() }}) as built_fingerprint
from subjects
group by account_sk, customer_sk
