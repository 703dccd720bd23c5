-- Who looks after a party now: of the newest version of each of its records the newest one with a manager.
with ranked as (
    select
        customer_sk,
        member_rank,
        relationship_manager_key,
        coalesce(updated_at, cast('0001-01-01' as timestamp)) as version_stamp,
        row_number() over (partition by member_sk order by updated_at desc nulls last) as version_rank
    from {{ ref('stg_core__customers') }}
),

named as (
    select
        customer_sk,
        relationship_manager_key,
        row_number() over (partition by customer_sk order by version_stamp desc, member_rank asc) as manager_rank
    from ranked
    where version_rank = 1 and relationship_manager_key is not null
)

select
    parties.customer_key,
    named.relationship_manager_key
from named
inner join {{ ref('stg_core__parties') }} as parties on named.customer_sk = parties.customer_sk
where named.manager_rank = 1
