-- The parties: one key per person or firm, whatever the number of its customer records.
with members as (
    select * from {{ ref('party_members') }}
)

select
    customer_sk,
    customer_key,
    count(*) as member_count
from members
group by customer_sk, customer_key
