-- The tags that marketing owns by the registry.
select
    carried.customer_key,
    carried.tag_code,
    carried.tag_label,
    carried.tag_label_zh,
    carried.domain_code,
    carried.valid_from,
    carried.valid_to,
    carried.evidence_value,
    carried.evidence_text,
    carried.min_value,
    carried.below_value,
    carried.rule_version
from {{ ref('customer_tags') }} as carried
inner join {{ ref('tags') }} as registry
    on carried.rule_version = registry.rule_version and carried.tag_code = registry.tag_code
where registry.owner_department = 'marketing'
