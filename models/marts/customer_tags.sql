-- depends_on: {{ ref('rebuild_window') }}
{{ config(incremental_strategy='publish_intervals', unique_key=['customer_key', 'tag_code', 'valid_from']) }}

{#- of what was over before the published months nothing is left to tell that it lasts now: then all are made -#}
{%- set made = is_interval_made(
    ref('rebuild_window'), 'customer_sk', 'intervals.customer_sk', 'intervals.valid_from', 'intervals.valid_to'
) %}
{%- set is_reopened = '(intervals.customer_sk, intervals.tag_code, intervals.valid_from) in (select * from reopened)' %}
{%- set all_are_made = first_day_made_of_all() ~ ' <= published.first_as_of_date' %}

-- The tags that lasted on a published month-end. No bound is null here: many readers can't hold infinity.
with published as (
    select min(as_of_date) as first_as_of_date from {{ ref('published_months') }}
),

{% if is_incremental() -%}
-- what ended in a month that is made again may last now
reopened as (
    select parties.customer_sk, kept.tag_code, kept.valid_from
    from {{ this }} as kept
    inner join {{ ref('stg_core__parties') }} as parties on kept.customer_key = parties.customer_key
    where kept.valid_to >= {{ first_day_made_of_all() }}
),

{% endif -%}
intervals as (
    select intervals.*
    from {{ ref('customer_tag_intervals') }} as intervals
    cross join published
    where
        (intervals.valid_to > published.first_as_of_date or intervals.valid_to is null)
        and ({{ [made, is_reopened, all_are_made] | join(' or ') if is_incremental() else '1 = 1' }})
)

select
    parties.customer_key,
    intervals.tag_code,
    tags.label as tag_label,
    tags.label_zh as tag_label_zh,
    tags.domain as domain_code,
    intervals.valid_from,
    intervals.valid_to,
    intervals.evidence_value,
    intervals.evidence_text,
    nullif(intervals.min_value, cast('-infinity' as {{ type_double() }})) as min_value,
    nullif(intervals.below_value, cast('infinity' as {{ type_double() }})) as below_value,
    intervals.rule_version
from intervals
inner join {{ ref('stg_core__parties') }} as parties on intervals.customer_sk = parties.customer_sk
inner join {{ ref('tags') }} as tags
    on intervals.tag_code = tags.tag_code and intervals.rule_version = tags.rule_version
