-- The tags that lasted on a published month-end. No bound is null here: many readers can't hold infinity.
with published as (
    select min(as_of_date) as first_as_of_date from {{ ref('published_months') }}
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
from {{ ref('customer_tag_intervals') }} as intervals
cross join published
inner join {{ ref('stg_core__parties') }} as parties on intervals.customer_sk = parties.customer_sk
inner join {{ ref('tags') }} as tags
    on intervals.tag_code = tags.tag_code and intervals.rule_version = tags.rule_version
where intervals.valid_to > published.first_as_of_date or intervals.valid_to is null
