-- A tag lasts from the month-end on which it was got to the one on which it was lost.
with bounded as (
    select
        *,
        lead(as_of_date) over (partition by customer_sk, tag_code, evidence_text order by as_of_date) as valid_to
    from {{ ref('customer_tag_events') }}
)

select
    customer_sk,
    tag_code,
    as_of_date as valid_from,
    valid_to,
    evidence_value,
    evidence_text,
    min_value,
    below_value,
    rule_version
from bounded
where is_opened
