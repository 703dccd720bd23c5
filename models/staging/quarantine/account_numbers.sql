-- The accepted accounts with their landed numbers: where a landed account_id becomes a key.
with hashed as (
    select
        *,
        {{ keyed_hash('account_id') }} as account_key
    from {{ ref('core__accounts_judged') }}
    where rejection is null
)

select
    *,
    {{ surrogate_key('account_key') }} as account_sk
from hashed
