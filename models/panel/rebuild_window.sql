-- The first month to build: the first whose facts differ from those of the last complete build. Everything, when
-- there is no complete build, on a full refresh, or when a model that keeps months is missing.
{% set built_months = built_relation('built_months') %}

{% if built_months -%}
with compared as (
    select
        coalesce(months.month_number, built.month_number) as month_number,
        coalesce(months.fingerprint = built.fingerprint, false) as is_unchanged
    from {{ ref('month_fingerprints') }} as months
    full outer join {{ built_months }} as built on months.month_number = built.month_number
)

select
    coalesce(
        min(case when not is_unchanged then month_number end),
        max(month_number) + 1
    ) as rebuild_from_month_number
from compared
{%- else -%}
select coalesce(min(month_number), 0) as rebuild_from_month_number
from {{ ref('month_fingerprints') }}
{%- endif %}
