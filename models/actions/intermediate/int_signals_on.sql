{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

{%- set numbers = signal_numbers('features', 'facts') %}

-- The warning signals that are on at a month-end. What can't be evaluated is never on.
with signals as (
    select
        *,
        {{ place_of_feature('feature', numbers) }} as place,
        {{ place_of_feature('base_feature', numbers) }} as base_place
    from {{ ref('alert_signals') }}
),

features as (
    select *
    from {{ ref('customer_features') }}
    where {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date') }}
),

facts as (
    select
        facts.customer_sk,
        facts.as_of_date,
        facts.month_number,
        facts.rule_version,
        {{ values_in_order(numbers.values()) }} as numbers
    from {{ ref('int_signal_facts') }} as facts
    inner join features on facts.customer_sk = features.customer_sk and facts.as_of_date = features.as_of_date
    -- asked again, of the joined tables
    where {{ is_rebuilt('features.as_of_date') }}
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
)

select
    customer_sk,
    as_of_date,
    month_number,
    rule_version,
    signal_code,
    evidence_value
from valued
where
    is_in_force = 1
    and evidence_value >= min_value
    and evidence_value < below_value
    and (base_feature is null or (base_value >= base_min_value and base_value < base_below_value))
