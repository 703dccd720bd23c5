{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

{%- set numbers = {
    'open_account_count': 'facts.open_account_count',
    'days_since_opening': 'facts.days_since_opening',
    'inactivity_days': 'facts.inactivity_days',
    'is_inactive': 'cast(facts.is_inactive as integer)',
    'is_dormant': 'cast(facts.is_dormant as integer)',
    'slowing_points': 'facts.slowing_points',
    'adb_peak_12m': 'facts.adb_peak_12m',
} %}

-- The first rule that is met, as far as a month can tell by itself; whether a customer woke up needs memory.
with packs as (
    select * from {{ ref('dormancy_packs') }}
    where pack_code = '{{ var("dormancy_pack") }}'
),

points as (
    {{ values_by_version(ref('activity_signals'), 'signal_code', 'points', activity_signal_codes()) }}
),

facts as (
    select
        signals.*,
        {% for code in activity_signal_codes() -%}
        {{ '+ ' if not loop.first }}case when signals.is_{{ code }} then points.{{ code }} else 0 end
        {% endfor -%}
        as slowing_points,
        {% for code in activity_signal_codes() -%}
        {{ '|| ' if not loop.first }}case when signals.is_{{ code }} then '{{ code }} ' else '' end
        {% endfor -%}
        as slowing_signals,
        coalesce(signals.inactivity_days >= packs.inactive_days, false) as is_inactive,
        coalesce(signals.inactivity_days >= packs.escheat_days, false) as is_escheat_due,
        coalesce(signals.inactivity_days >= packs.dormant_days, false)
        and not (packs.is_term_deposit_exempt and signals.is_term_deposit_held)
        and not (packs.is_linked_contract_exempt and signals.is_contract_linked)
        -- an unknown balance keeps nobody from dormancy
        and coalesce(
            signals.month_end_balance >= packs.balance_min_value
            and signals.month_end_balance < packs.balance_below_value,
            true
        ) as is_dormant
    from {{ ref('int_activity_signals') }} as signals
    left join packs on signals.rule_version = packs.rule_version
    left join points on signals.rule_version = points.rule_version
    where signals.month_number >= {{ first_rebuilt_month() }}
),

rules as (
    {{ rules_side_by_side('activity') }}
),

valued as (
    select
        {{ rule_values(numbers) }}
    from facts
    cross join rules
),

matched as (
    select customer_sk, as_of_date, rule_version, min(priority) as priority
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
    facts.is_dormant and facts.is_escheat_due as is_escheat_due,
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
