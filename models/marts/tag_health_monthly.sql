{{ config(materialized='incremental', incremental_strategy='publish_months', on_schema_change='fail') }}

-- Is a tag still alive: how many carry it, how many come and go, for how long it has been carried.
with months as (
    select * from {{ ref('months_to_publish') }}
),

-- A tag of a version that no longer holds has no health in a month.
registered as (
    select
        months.as_of_date,
        months.month_number,
        tags.tag_code,
        tags.label,
        tags.label_zh,
        tags.domain,
        tags.customer_types,
        tags.owner_department
    from months
    inner join {{ ref('month_rule_versions') }} as versions on months.as_of_date = versions.as_of_date
    inner join {{ ref('tags') }} as tags on versions.rule_version = tags.rule_version
),

customers as (
    select
        as_of_date,
        count(*) as customer_count,
        sum(case when customer_type_code = 'individual' then 1 else 0 end) as individual_count
    from {{ ref('customer_features_monthly') }}
    where {{ is_rebuilt('as_of_date') }}
    group by as_of_date
),

carried as (
    select
        months.as_of_date,
        tags.tag_code,
        count(*) as customer_count,
        sum(case when tags.valid_from = months.as_of_date then 1 else 0 end) as opened_count,
        sum(months.month_number - {{ month_number('tags.valid_from') }}) as age_months
    from {{ ref('customer_tag_intervals') }} as tags
    inner join months
        on tags.valid_from <= months.as_of_date and {{ date_or_never('tags.valid_to') }} > months.as_of_date
    group by months.as_of_date, tags.tag_code
),

lost as (
    select valid_to as as_of_date, tag_code, count(*) as closed_count
    from {{ ref('customer_tag_intervals') }}
    where valid_to is not null
    group by valid_to, tag_code
),

counted as (
    select
        registered.*,
        case registered.customer_types
            when 'all' then coalesce(customers.customer_count, 0)
            when 'individual' then coalesce(customers.individual_count, 0)
            else coalesce(customers.customer_count - customers.individual_count, 0)
        end as eligible_count,
        coalesce(carried.customer_count, 0) as customer_count,
        coalesce(carried.opened_count, 0) as opened_count,
        coalesce(lost.closed_count, 0) as closed_count,
        carried.age_months
    from registered
    left join customers on registered.as_of_date = customers.as_of_date
    left join carried on registered.as_of_date = carried.as_of_date and registered.tag_code = carried.tag_code
    left join lost on registered.as_of_date = lost.as_of_date and registered.tag_code = lost.tag_code
)

select
    as_of_date,
    tag_code,
    label as tag_label,
    label_zh as tag_label_zh,
    domain as domain_code,
    owner_department as owner_department_code,
    cast(eligible_count as bigint) as eligible_count,
    cast(customer_count as bigint) as customer_count,
    cast(opened_count as bigint) as opened_count,
    cast(closed_count as bigint) as closed_count,
    {{ published_ratio('cast(customer_count as ' ~ type_double() ~ ') / nullif(eligible_count, 0)') }}
        as coverage_ratio,
    {{ published_ratio(
        'cast(opened_count + closed_count as ' ~ type_double() ~ ') / nullif(customer_count + closed_count, 0)'
    ) }} as turnover_ratio,
    {{ published_ratio('cast(age_months as ' ~ type_double() ~ ') / nullif(customer_count, 0)') }} as mean_age_months
from counted
