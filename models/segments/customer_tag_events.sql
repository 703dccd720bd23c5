{{ config(materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail') }}

{%- set numbers = tag_features('number', 'features') %}
{%- set codes = tag_features('code', 'features') %}

-- When a customer got a tag, and when it lost it. The month before the first one to build is looked at too: what was
-- met in it is no news.
with months as (
    select * from {{ ref('month_rule_versions') }}
    where month_number >= {{ first_rebuilt_month() }} - 1
),

facts as (
    select
        features.customer_sk,
        months.month_number,
        months.rule_version,
        {{ named_features(numbers) }},
        {{ named_features(codes) }}
    from {{ ref('customer_features') }} as features
    inner join months on features.as_of_date = months.as_of_date
    left join {{ ref('customer_value_tiers') }} as tiers
        on features.customer_sk = tiers.customer_sk and features.as_of_date = tiers.as_of_date
    left join {{ ref('customer_needs') }} as needs
        on features.customer_sk = needs.customer_sk and features.as_of_date = needs.as_of_date
    left join {{ ref('customer_activity_states') }} as activities
        on features.customer_sk = activities.customer_sk and features.as_of_date = activities.as_of_date
    left join {{ ref('customer_deposit_stability') }} as stabilities
        on features.customer_sk = stabilities.customer_sk and features.as_of_date = stabilities.as_of_date
),

-- Cross joined for the reason that the rule engine gives.
valued as (
    select
        facts.customer_sk,
        facts.month_number,
        tags.rule_version,
        tags.tag_code,
        tags.kind,
        tags.code_value,
        tags.min_value,
        tags.below_value,
        case
            when facts.rule_version = tags.rule_version and tags.customer_types in ('all', facts.customer_type_code)
                then 1
            else 0
        end as is_applicable,
        {{ feature_value('tags.feature', numbers) }} as number_value,
        {{ feature_value('tags.feature', codes) }} as fact_value
    from facts
    cross join {{ ref('tags') }} as tags
),

met as (
    select
        customer_sk,
        month_number,
        rule_version,
        tag_code,
        min_value,
        below_value,
        case when kind = 'rule' then number_value end as evidence_value,
        case when kind = 'fact' then fact_value end as evidence_text
    from valued
    where
        is_applicable = 1
        and case
            when kind = 'rule' then number_value >= min_value and number_value < below_value
            when code_value = '*' then fact_value is not null
            else fact_value = code_value
        end
),

compared as (
    select
        *,
        lag(month_number) over one_fact as previous_month_number,
        lead(month_number) over one_fact as next_month_number
    from met
    window one_fact as (partition by customer_sk, tag_code, evidence_text order by month_number)
),

events as (
    select *, month_number as event_month_number, true as is_opened
    from compared
    where previous_month_number is null or previous_month_number < month_number - 1
    union all
    select *, month_number + 1 as event_month_number, false as is_opened
    from compared
    where next_month_number is null or next_month_number > month_number + 1
)

select
    events.customer_sk,
    months.as_of_date,
    events.tag_code,
    events.is_opened,
    events.evidence_value,
    events.evidence_text,
    events.min_value,
    events.below_value,
    events.rule_version
from events
-- what still lasts in the newest month closes in none
inner join months on events.event_month_number = months.month_number
where events.event_month_number >= {{ first_rebuilt_month() }}
