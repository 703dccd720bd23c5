{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Who a customer is on a month-end: age, occupation, life stage, region with its figures as last published; of a firm
-- its industry and size.
with months as (
    select * from {{ ref('ledger_months') }}
    where {{ is_month_rebuilt('month_number') }}
),

known as (
    select
        attributes.*,
        attributes.customer_type = 'individual' as is_individual,
        cast(extract(year from attributes.as_of_date) - extract(year from attributes.birth_date) as integer)
        - case
            when
                extract(month from attributes.birth_date) * 100 + extract(day from attributes.birth_date)
                > extract(month from attributes.as_of_date) * 100 + extract(day from attributes.as_of_date)
                then 1
            else 0
        end as age_years_by_date,
        {{ month_number('attributes.as_of_date') }} - {{ month_number('attributes.customer_since_date') }}
            as tenure_months
    from {{ ref('int_customer_attributes') }} as attributes
    inner join months on attributes.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('attributes.customer_sk', 'months.month_number') }}
),

-- a birth date that lies ahead says nothing yet
attributes as (
    select
        known.*,
        case when known.age_years_by_date >= 0 then known.age_years_by_date end as age_years
    from known
),

openings as (
    select
        holders.customer_sk,
        min(accounts.opened_date) as first_opened_date
    from {{ ref('stg_core__account_holders') }} as holders
    inner join {{ ref('stg_core__accounts') }} as accounts on holders.account_sk = accounts.account_sk
    group by holders.customer_sk
),

-- the largest size that employees and revenue both allow; one that isn't known allows all
sized as (
    select
        attributes.customer_sk,
        attributes.as_of_date,
        max(sizes.rank) as size_rank
    from attributes
    inner join {{ ref('enterprise_sizes') }} as sizes
        on
            (attributes.employee_count >= sizes.min_employee_count or attributes.employee_count is null)
            and (
                attributes.annual_revenue_amount >= sizes.min_annual_revenue_amount
                or attributes.annual_revenue_amount is null
            )
    where
        not attributes.is_individual
        and (attributes.employee_count is not null or attributes.annual_revenue_amount is not null)
    group by attributes.customer_sk, attributes.as_of_date
)

select
    attributes.customer_sk,
    attributes.as_of_date,
    attributes.customer_type as customer_type_code,
    cast(attributes.age_years as integer) as age_years,
    bands.age_band_code,
    attributes.gender_code,
    attributes.occupation_code,
    occupations.occupation_stability_code,
    attributes.education_code,
    attributes.marital_status_code,
    attributes.dependents_count,
    case
        when not attributes.is_individual then null
        when
            attributes.occupation_code = 'retired' or attributes.age_years >= {{ rule_parameter('retirement_age') }}
            then 'retired'
        when attributes.occupation_code = 'student' then 'student'
        when
            attributes.age_years < {{ rule_parameter('young_single_age') }}
            and coalesce(attributes.marital_status_code <> 'married', true)
            and coalesce(attributes.dependents_count, 0) = 0
            then 'young_single'
        when attributes.age_years < {{ rule_parameter('young_family_age') }} then 'young_family'
        when attributes.age_years is not null then 'mature_family'
    end as life_stage_code,
    -- a relation that is dated later than its first account has just begun
    case when attributes.tenure_months < 0 then 0 else attributes.tenure_months end as tenure_months,
    attributes.customer_since_date,
    openings.first_opened_date,
    attributes.branch_id,
    attributes.industry_code,
    case
        when attributes.is_individual then null
        else coalesce(attributes.enterprise_size_code, sizes.enterprise_size_code)
    end as enterprise_size_code,
    attributes.employee_count,
    attributes.annual_revenue_amount,
    attributes.region_code,
    regions.region_income_level_code,
    regions.average_wage_amount as region_average_wage_amount,
    regions.unemployment_rate as region_unemployment_rate,
    regions.gdp_per_capita_amount as region_gdp_per_capita_amount
from attributes
inner join openings on attributes.customer_sk = openings.customer_sk
left join {{ ref('age_bands') }} as bands
    on attributes.age_years >= bands.min_value and attributes.age_years < bands.below_value
left join {{ ref('occupation_stabilities') }} as occupations
    on attributes.occupation_code = occupations.occupation_code
left join sized on attributes.customer_sk = sized.customer_sk and attributes.as_of_date = sized.as_of_date
left join {{ ref('enterprise_sizes') }} as sizes on sized.size_rank = sizes.rank
left join {{ ref('int_region_months') }} as regions
    on attributes.region_code = regions.region_code and attributes.as_of_date = regions.as_of_date
