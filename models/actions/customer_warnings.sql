{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The warning signals that are on at a month-end, and since when.
with signals_on as (
    select
        customer_sk,
        as_of_date,
        month_number,
        rule_version,
        signal_code,
        evidence_value,
        cast(null as date) as carried_since_date
    from {{ ref('int_signals_on') }}
    where {{ is_rebuilt('as_of_date') }} and {{ is_customer_rebuilt('customer_sk', 'month_number') }}

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
    from signals_on
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
