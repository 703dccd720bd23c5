-- The accounts and customers whose facts, as far as the last complete build knew their months, are no longer the same,
-- and the accounts of those customers, as their months are made of these. Nobody, where no month differs.
{% set is_unchanged = date_built_unchanged() is not none %}
{% set built_fingerprints = built_relation('built_fingerprints') if not is_unchanged %}

with present as (
    select account_sk, customer_sk, customer_key, built_fingerprint as fingerprint
    from {{ ref('subject_fingerprints') }}
    {%- if is_unchanged %}
    where 1 = 0
    {%- endif %}
),

built as (
    {% if built_fingerprints -%}
    select account_sk, customer_sk, customer_key, fingerprint
    from {{ built_fingerprints }}
    {%- else -%}
    select account_sk, customer_sk, customer_key, fingerprint from present where 1 = 0
    {%- endif %}
),

-- whoever had no fact in those months has the sum of none
counted as (
    select account_sk, customer_sk, customer_key, fingerprint, 1 as build_number from present where fingerprint <> '0'
    union all
    select account_sk, customer_sk, customer_key, fingerprint, 0 as build_number from built
),

changed as (
    select
        account_sk,
        customer_sk,
        max(customer_key) as customer_key
    from counted
    group by account_sk, customer_sk
    having count(*) < 2 or min(fingerprint) <> max(fingerprint)
),

accounts as (
    select account_sk
    from changed
    where account_sk is not null
    union
    select holders.account_sk
    from {{ ref('stg_core__account_holders') }} as holders
    inner join changed on holders.customer_sk = changed.customer_sk
)

select
    account_sk,
    cast(null as bigint) as customer_sk,
    cast(null as {{ dbt.type_string() }}) as customer_key
from accounts
union all
select
    account_sk,
    customer_sk,
    customer_key
from changed
where customer_sk is not null
