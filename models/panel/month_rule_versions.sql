-- The rule version that holds on each month-end: the newest published one that is valid by then. A challenger, in a
-- home of its own, takes the place of all of them from its first day on.
with challenger as (
    select
        rule_version,
        valid_from
    from {{ ref('rule_versions') }}
    where rule_version = '{{ var("challenger_version") }}'
),

versions as (
    select
        rule_version,
        valid_from,
        lead(valid_from) over (order by valid_from, rule_version) as next_valid_from
    from {{ ref('rule_versions') }}
    where status_code = 'published'
)

select
    months.as_of_date,
    months.month_number,
    coalesce(challenger.rule_version, versions.rule_version) as rule_version
from {{ ref('ledger_months') }} as months
left join versions
    on
        months.as_of_date >= versions.valid_from
        and months.as_of_date < {{ date_or_never('versions.next_valid_from') }}
left join challenger on months.as_of_date >= challenger.valid_from
