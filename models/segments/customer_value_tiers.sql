{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

-- The value tier that a customer earned, the one it is served at, and why both may differ.
with clocks as (
    select
        *,
        month_number - last_counted_month_number as months_since_counted
    from {{ ref('int_value_tier_clocks') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
),

held as (
    select
        *,
        coalesce(
            months_since_counted <= hold_months
            and last_counted_month_number >= coalesce(last_veto_month_number, 0),
            false
        ) as is_held
    from clocks
),

served as (
    select
        *,
        max(case when is_held then tier_rank else 1 end) over (partition by customer_sk, as_of_date) as service_rank
    from held
),

ranked as (
    select
        customer_sk,
        as_of_date,
        max(earned_rank) as earned_rank,
        max(service_rank) as service_rank,
        max(case when tier_rank = service_rank then months_since_counted end) as months_since_counted,
        max(case when tier_rank = service_rank then hold_months end) as hold_months
    from served
    group by customer_sk, as_of_date
),

-- Without assets, or without thresholds for the currency, there is nothing to judge: rank 0, unclassified.
coded as (
    select
        customers.customer_sk,
        customers.as_of_date,
        case when customers.aum_1m is null then 0 else coalesce(ranked.earned_rank, 0) end as earned_rank,
        case when customers.aum_1m is null then 0 else coalesce(ranked.service_rank, 0) end as service_rank,
        case
            when customers.aum_1m is null or ranked.earned_rank is null then 'not_evaluable'
            when ranked.earned_rank >= ranked.service_rank then 'normal'
            when 2 * ranked.months_since_counted <= ranked.hold_months then 'grace'
            else 'watch'
        end as tier_status_code
    from {{ ref('customer_months') }} as customers
    left join ranked on customers.customer_sk = ranked.customer_sk and customers.as_of_date = ranked.as_of_date
    where
        {{ is_rebuilt('customers.as_of_date') }}
        and {{ is_customer_rebuilt('customers.customer_sk', month_number('customers.as_of_date')) }}
)

select
    coded.customer_sk,
    coded.as_of_date,
    earned.code as earned_value_tier_code,
    service.code as service_value_tier_code,
    coalesce(judgements.judged_code, service.code) as value_tier_code,
    coded.tier_status_code,
    versions.rule_version
from coded
inner join {{ ref('classification_codes') }} as earned
    on coded.earned_rank = earned.rank and earned.dimension = 'value_tier'
inner join {{ ref('classification_codes') }} as service
    on coded.service_rank = service.rank and service.dimension = 'value_tier'
inner join {{ ref('month_rule_versions') }} as versions on coded.as_of_date = versions.as_of_date
left join {{ ref('judgements_in_force') }} as judgements
    on
        coded.customer_sk = judgements.customer_sk
        and coded.as_of_date = judgements.as_of_date
        and judgements.dimension = 'value_tier'
