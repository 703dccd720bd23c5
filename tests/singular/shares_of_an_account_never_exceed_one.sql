select
    account_sk,
    sum(ownership_share) as share_sum
from {{ ref('stg_core__account_holders') }}
group by account_sk
having sum(ownership_share) > 1
