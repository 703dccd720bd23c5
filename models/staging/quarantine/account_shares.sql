-- Who owns how much of an account. Shares are whole millionths while they are divided, so nothing is lost.
with holders as (
    select
        account_id,
        customer_id,
        landed_file,
        landed_row,
        cast(ownership_share * 1000000 as bigint) as given_share
    from {{ ref('core__account_holders_judged') }}
    where rejection is null and role in ('owner', 'joint')
),

accounts as (
    select
        account_id,
        cast(coalesce(sum(given_share), 0) as bigint) as given_total,
        cast(sum(case when given_share is null then 1 else 0 end) as bigint) as empty_count
    from holders
    group by account_id
),

-- Before the remainder: the holder's share, its share scaled down, or its part of what the others leave.
divided as (
    select
        holders.account_id,
        holders.customer_id,
        holders.landed_file,
        holders.landed_row,
        accounts.given_total,
        accounts.empty_count,
        cast(
            case
                when accounts.given_total > 1000000
                    then {{ whole_quotient('coalesce(holders.given_share, 0) * 1000000', 'accounts.given_total') }}
                when holders.given_share is null
                    then {{ whole_quotient('1000000 - accounts.given_total', 'accounts.empty_count') }}
                else holders.given_share
            end as bigint
        ) as divided_share,
        (accounts.given_total > 1000000) = (holders.given_share is not null) as is_divided
    from holders
    inner join accounts on holders.account_id = accounts.account_id
),

ranked as (
    select
        *,
        sum(divided_share) over (partition by account_id) as divided_total,
        row_number() over (
            partition by account_id, is_divided
            order by {{ by_bytes('customer_id') }}
        ) as divided_rank,
        row_number() over (
            partition by account_id
            order by {{ by_bytes('customer_id') }}
        ) as holder_rank
    from divided
)

select
    account_id,
    customer_id,
    landed_file,
    landed_row,
    holder_rank,
    cast(
        (
            divided_share
            + case
                when is_divided and divided_rank = 1 and (given_total > 1000000 or empty_count > 0)
                    then 1000000 - divided_total
                else 0
            end
        ) * cast(0.000001 as decimal(7, 6))
        as decimal(9, 6)
    ) as ownership_share,
    given_total > 1000000 as is_above_one,
    given_total < 1000000 and empty_count = 0 as is_below_one
from ranked
