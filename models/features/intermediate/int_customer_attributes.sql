{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What the bank knew of a customer on a month-end: the newest version up to it, or the oldest known before that.
-- A party of several records takes each attribute from the newest record that has it; records that nobody knew yet
-- count only where none was known, the oldest first.
{% set attributes = [
    'customer_type', 'birth_date', 'gender_code', 'education_code', 'occupation_code', 'marital_status_code',
    'dependents_count', 'industry_code', 'enterprise_size_code', 'employee_count', 'annual_revenue_amount',
    'region_code', 'branch_id', 'customer_since_date',
] %}

with customer_months as (
    select
        customer_sk,
        as_of_date,
        {{ month_number('as_of_date') }} as month_number
    from {{ ref('customer_months') }}
    where {{ is_rebuilt('as_of_date') }}
),

versions as (
    select
        *,
        coalesce(updated_at, cast('0001-01-01' as timestamp)) as version_stamp,
        case when is_oldest_version then 0 else {{ month_number('updated_at') }} end as first_month_number
    from {{ ref('stg_core__customers') }}
),

-- the newest version of a month stands for the month
monthly_versions as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by member_sk, first_month_number
                order by version_stamp desc
            ) as version_rank
        from versions
    ) as ranked
    where version_rank = 1
),

ranges as (
    select
        *,
        lead(first_month_number) over (partition by member_sk order by first_month_number) as next_month_number
    from monthly_versions
),

member_months as (
    select
        ranges.*,
        customer_months.as_of_date,
        case when {{ month_number('ranges.updated_at') }} > customer_months.month_number then 1 else 0 end
            as is_from_the_future
    from customer_months
    inner join ranges
        on
            customer_months.customer_sk = ranges.customer_sk
            and customer_months.month_number >= ranges.first_month_number
            and customer_months.month_number < {{ month_or_never('ranges.next_month_number') }}
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'customer_months.month_number') }}
),

single as (
    select customer_sk
    from {{ ref('stg_core__parties') }}
    where member_count = 1
),

final as (
    select
        {% for attribute in attributes -%}
        member_months.{{ attribute }},
        {% endfor -%}
        member_months.customer_sk,
        member_months.as_of_date
    from member_months
    inner join single on member_months.customer_sk = single.customer_sk

    union all

    select distinct
        {% for attribute in attributes -%}
        first_value(member_months.{{ attribute }}) over (
            partition by member_months.customer_sk, member_months.as_of_date
            order by
                member_months.is_from_the_future,
                case when member_months.{{ attribute }} is null then 1 else 0 end,
                case when member_months.is_from_the_future = 1 then member_months.version_stamp end,
                member_months.version_stamp desc,
                member_months.member_rank
        ) as {{ attribute }},
        {% endfor -%}
        member_months.customer_sk,
        member_months.as_of_date
    from member_months
    left join single on member_months.customer_sk = single.customer_sk
    where single.customer_sk is null
)

select * from final
