{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

{%- set numbers = signal_numbers('features', 'facts') %}

-- The warning signals that are on at a month-end, and since when. What can't be evaluated is never on.
with signals as (
    select
        *,
        {{ place_of_feature('feature', numbers) }} as place,
        {{ place_of_feature('base_feature', numbers) }} as base_place
    from {{ ref('alert_signals') }}
),

facts as (
    select
        facts.customer_sk,
        facts.as_of_date,
        facts.month_number,
        facts.rule_version,
        {{ values_in_order(numbers.values()) }} as numbers
    from {{ ref('int_signal_facts') }} as facts
    inner join {{ ref('customer_features') }} as features
        on facts.customer_sk = features.customer_sk and facts.as_of_date = features.as_of_date
    where
        {{ is_rebuilt('features.as_of_date') }}
        and {{ is_customer_rebuilt('facts.customer_sk', 'facts.month_number') }}
),

valued as (
    -- Cross joined for the reason that the rule engine gives.
    select
        facts.customer_sk,
        facts.as_of_date,
        facts.month_number,
        signals.rule_version,
        signals.signal_code,
        signals.min_value,
        signals.below_value,
        signals.base_feature,
        signals.base_min_value,
        signals.base_below_value,
        case when facts.rule_version = signals.rule_version then 1 else 0 end as is_in_force,
        {{ value_at('facts.numbers', 'signals.place') }} as evidence_value,
        {{ value_at('facts.numbers', 'signals.base_place') }} as base_value
    from facts
    cross join signals
),

fired as (
    select
        customer_sk,
        as_of_date,
        month_number,
        rule_version,
        signal_code,
        evidence_value,
        cast(null as date) as carried_since_date
    from valued
    where
        is_in_force = 1
        and evidence_value >= min_value
        and evidence_value < below_value
        and (base_feature is null or (base_value >= base_min_value and base_value < base_below_value))

    {% if is_incremental() -%}
    union all

    -- what was on in the month before the first one to build carries its beginning over
    select
        customer_sk,
        as_of_date,
        month_number,
        rule_version,
        signal_code,
        evidence_value,
        on_since_date as carried_since_date
    from {{ this }}
    where
        {{ is_customer_rebuilt('customer_sk', 'month_number', 1) }}
        and not {{ is_customer_rebuilt('customer_sk', 'month_number') }}
    {%- endif %}
),

begun as (
    select
        *,
        case
            when carried_since_date is not null then carried_since_date
            when lag(month_number) over (partition by customer_sk, signal_code order by month_number) = month_number - 1
                then null
            else as_of_date
        end as begin_date
    from fired
),

dated as (
    select
        *,
        max(begin_date) over (partition by customer_sk, signal_code order by month_number) as on_since_date
    from begun
)

select
    customer_sk,
    as_of_date,
    month_number,
    rule_version,
    signal_code,
    evidence_value,
    on_since_date
from dated
where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
