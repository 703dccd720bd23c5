-- depends_on: {{ ref('rebuild_window') }}
{{ config(incremental_strategy='rebuild_intervals', unique_key=['customer_sk', 'tag_code', 'valid_from']) }}

-- A tag lasts from the month-end on which it was got to the one on which it was lost.
with events as (
    select * from {{ ref('customer_tag_events') }}
    {%- if is_incremental() %}
    where {{ is_interval_made(ref('rebuild_window'), 'customer_sk', 'customer_sk', 'as_of_date') }}
    {%- endif %}
),

{% if is_incremental() -%}
closings as (
    select distinct customer_sk, tag_code, coalesce(evidence_text, '') as evidence_text
    from events
    where not is_opened
),

-- begun before these events by those who didn't change: only what ends now is written again, or ended and no longer does
begun as (
    select kept.*
    from {{ this }} as kept
    left join closings
        on
            kept.customer_sk = closings.customer_sk
            and kept.tag_code = closings.tag_code
            and coalesce(kept.evidence_text, '') = closings.evidence_text
    where
        kept.valid_from < {{ first_day_made_of_all() }}
        and {{ date_or_never('kept.valid_to') }} >= {{ first_day_made_of_all() }}
        and (closings.customer_sk is not null or kept.valid_to is not null)
        and not {{ is_changed(ref('rebuild_window'), 'customer_sk', 'kept.customer_sk') }}
),

{% endif -%}
dated as (
    select
        customer_sk,
        tag_code,
        as_of_date,
        is_opened,
        evidence_value,
        evidence_text,
        min_value,
        below_value,
        rule_version
    from events
    {%- if is_incremental() %}
    union all
    select
        customer_sk,
        tag_code,
        valid_from as as_of_date,
        true as is_opened,
        evidence_value,
        evidence_text,
        min_value,
        below_value,
        rule_version
    from begun
    {%- endif %}
),

bounded as (
    select
        *,
        lead(as_of_date) over (partition by customer_sk, tag_code, evidence_text order by as_of_date) as valid_to
    from dated
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
