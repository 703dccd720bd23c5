-- A party that holds an account under two of its records holds the sum of both shares.
select
    accounts.account_sk,
    members.customer_sk,
    cast(sum(shares.ownership_share) as decimal(9, 6)) as ownership_share
from {{ ref('account_shares') }} as shares
inner join {{ ref('account_numbers') }} as accounts on shares.account_id = accounts.account_id
inner join {{ ref('party_members') }} as members on shares.customer_id = members.customer_id
group by accounts.account_sk, members.customer_sk
