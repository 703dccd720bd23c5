{{ config(
    materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail',
    meta={'is_made_by_month': true, 'months_read_before': 1}
) }}

{%- set numbers = tag_features('number', 'features') %}
{%- set codes = tag_features('code', 'features') %}

-- When a customer got a tag, and when it lost it. The month before the first one to build is looked at too: what was
-- met in it is no news.
with months as (
    select * from {{ ref('month_rule_versions') }}
    where {{ is_month_rebuilt('month_number', 1) }}
),

tags as (
    select
        *,
        dense_rank() over (order by {{ by_bytes('tag_code') }}) as tag_number,
        {{ place_of_feature('feature', numbers) }} as number_place,
        {{ place_of_feature('feature', codes) }} as code_place
    from {{ ref('tags') }}
),

features as (
    select *
    from {{ ref('customer_features') }}
    where {{ is_read('as_of_date') }} and {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date', 1) }}
),

{%- for name, segments in {
    'tiers': ref('customer_value_tiers'), 'needs': ref('customer_needs'),
    'activities': ref('customer_activity_states'), 'stabilities': ref('customer_deposit_stability'),
}.items() %}
{{ name }} as (
    select *
    from {{ segments }}
    where {{ is_customer_month_end_rebuilt('customer_sk', 'as_of_date', 1) }}
),
{% endfor %}
-- The months are joined last: before, DuckDB takes them for few rows, and keeps all features in memory.
facts as (
    select
        features.customer_sk,
        features.customer_type_code,
        months.month_number,
        months.rule_version,
        {{ values_in_order(numbers.values()) }} as numbers,
        {{ values_in_order(codes.values()) }} as codes
    from features
    left join tiers on features.customer_sk = tiers.customer_sk and features.as_of_date = tiers.as_of_date
    left join needs on features.customer_sk = needs.customer_sk and features.as_of_date = needs.as_of_date
    left join activities
        on features.customer_sk = activities.customer_sk and features.as_of_date = activities.as_of_date
    left join stabilities
        on features.customer_sk = stabilities.customer_sk and features.as_of_date = stabilities.as_of_date
    inner join months on features.as_of_date = months.as_of_date
    -- asked again, of the joined tables
    where {{ is_rebuilt('features.as_of_date', 1) }} and {{ is_read('features.as_of_date') }}
),

-- Cross joined for the reason that the rule engine gives.
valued as (
    select
        facts.customer_sk,
        facts.month_number,
        tags.tag_number,
        tags.kind,
        tags.code_value,
        tags.min_value,
        tags.below_value,
        case
            when facts.rule_version = tags.rule_version and tags.customer_types in ('all', facts.customer_type_code)
                then 1
            else 0
        end as is_applicable,
        {{ value_at('facts.numbers', 'tags.number_place') }} as number_value,
        {{ value_at('facts.codes', 'tags.code_place') }} as fact_value
    from facts
    cross join tags
),

-- Nothing but what tells one fact from another: these are the most rows of all. A rule has no text, and '' equals ''.
met as (
    select
        customer_sk,
        month_number,
        tag_number,
        case when kind = 'rule' then number_value end as evidence_value,
        case when kind = 'fact' then fact_value else '' end as evidence_text
    from valued
    where
        is_applicable = 1
        and case
            when kind = 'rule' then number_value >= min_value and number_value < below_value
            when code_value = '*' then fact_value is not null
            else fact_value = code_value
        end
),

-- What lasts meets itself a month later.
events as (
    select
        coalesce(later.customer_sk, earlier.customer_sk) as customer_sk,
        coalesce(later.tag_number, earlier.tag_number) as tag_number,
        coalesce(later.month_number, earlier.month_number) as month_number,
        coalesce(later.month_number, earlier.month_number + 1) as event_month_number,
        later.customer_sk is not null as is_opened,
        coalesce(later.evidence_value, earlier.evidence_value) as evidence_value,
        coalesce(later.evidence_text, earlier.evidence_text) as evidence_text
    from met as later
    full join met as earlier
        on
            later.customer_sk = earlier.customer_sk
            and later.tag_number = earlier.tag_number
            and later.evidence_text = earlier.evidence_text
            and later.month_number = earlier.month_number + 1
    where later.customer_sk is null or earlier.customer_sk is null
)

select
    events.customer_sk,
    months.as_of_date,
    tags.tag_code,
    events.is_opened,
    events.evidence_value,
    case when tags.kind = 'fact' then events.evidence_text end as evidence_text,
    tags.min_value,
    tags.below_value,
    tags.rule_version
from events
-- what still lasts in the newest month closes in none
inner join months on events.event_month_number = months.month_number
inner join months as met_months on events.month_number = met_months.month_number
inner join tags on events.tag_number = tags.tag_number and met_months.rule_version = tags.rule_version
where {{ is_customer_rebuilt('events.customer_sk', 'events.event_month_number') }}
