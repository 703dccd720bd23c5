{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What a customer is told to have changed its class most: of the indicators that the two classes are about, and of
-- coverage, the one that moved most points in the direction of the change. Judgements and vetoes need none.
with changes as (
    select
        changes.customer_sk,
        changes.as_of_date,
        -- better classes come first
        sign(old_codes.rank - new_codes.rank) as direction,
        case
            when 'risk' in (changes.old_code, changes.new_code) then 'risk'
            when 'quality' not in (changes.old_code, changes.new_code) then 'potential'
        end as dimension
    from {{ ref('class_changes') }} as changes
    inner join {{ ref('classification_codes') }} as old_codes
        on changes.dimension = old_codes.dimension and changes.old_code = old_codes.code
    inner join {{ ref('classification_codes') }} as new_codes
        on changes.dimension = new_codes.dimension and changes.new_code = new_codes.code
    where
        {{ is_customer_rebuilt('changes.customer_sk', 'changes.month_number') }}
        and changes.dimension = 'class'
        and changes.rule_code not in ('judgement', 'veto')
        and old_codes.rank > 0
        and new_codes.rank > 0
),

ranked as (
    select
        changes.customer_sk,
        changes.as_of_date,
        drivers.indicator_code,
        row_number() over (
            partition by changes.customer_sk, changes.as_of_date
            order by changes.direction * drivers.points_change desc, drivers.driver_rank asc
        ) as cause_rank
    from changes
    inner join {{ ref('class_change_drivers') }} as drivers
        on
            changes.customer_sk = drivers.customer_sk
            and changes.as_of_date = drivers.as_of_date
            and changes.direction * drivers.points_change > 0
            and (changes.dimension = drivers.dimension or changes.dimension is null or drivers.dimension is null)
    where {{ is_rebuilt('drivers.as_of_date') }}
)

select
    customer_sk,
    as_of_date,
    indicator_code
from ranked
where cause_rank = 1
