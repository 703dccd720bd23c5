{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The first rule that is met, as far as a month can tell by itself; whether a customer woke up needs memory.
with signals as (
    select * from {{ ref('int_activity_signals') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
),

packs as (
    select * from {{ ref('dormancy_packs') }}
    where pack_code = '{{ var("dormancy_pack") }}'
),

points as (
    {{ values_by_version(ref('activity_signals'), 'signal_code', 'points', activity_signal_codes()) }}
),

facts as (
    select
        signals.*,
        {{ points_of_signals('signals', 'points') }} as slowing_points,
        {{ names_of_signals('signals') }} as slowing_signals,
        case when signals.inactivity_days >= packs.inactive_days then 1 else 0 end as is_inactive,
        signals.inactivity_days >= packs.escheat_days as is_escheat_due,
        case
            when packs.is_term_deposit_exempt and signals.is_term_deposit_held then 0
            when packs.is_linked_contract_exempt and signals.is_contract_linked then 0
            -- an unknown balance keeps nobody from dormancy
            when signals.month_end_balance < packs.balance_min_value then 0
            when signals.month_end_balance >= packs.balance_below_value then 0
            when signals.inactivity_days >= packs.dormant_days then 1
            else 0
        end as is_dormant
    from signals
    left join packs on signals.rule_version = packs.rule_version
    left join points on signals.rule_version = points.rule_version
),

rules as (
    {{ rules_side_by_side('activity') }}
),

valued as (
    select
        {{ rule_values([
            'open_account_count', 'days_since_opening', 'inactivity_days', 'is_inactive', 'is_dormant', 'slowing_points',
            'adb_peak_12m',
        ]) }}
    from facts
    cross join rules
),

matched as (
    select
        customer_sk,
        as_of_date,
        rule_version,
        min(priority) as priority
    from valued
    where {{ rule_is_met() }}
    group by customer_sk, as_of_date, rule_version
)

select
    facts.customer_sk,
    facts.as_of_date,
    facts.month_number,
    facts.rule_version,
    facts.inactivity_days,
    cast(facts.slowing_points as integer) as slowing_points,
    nullif(trim(facts.slowing_signals), '') as slowing_signals,
    facts.is_dormant = 1 and facts.is_escheat_due as is_escheat_due,
    matched.priority,
    rules.rule_code,
    rules.segment_code
from facts
left join matched on facts.customer_sk = matched.customer_sk and facts.as_of_date = matched.as_of_date
left join {{ ref('segment_rules') }} as rules
    on
        matched.rule_version = rules.rule_version
        and matched.priority = rules.priority
        and rules.dimension = 'activity'
