-- Every known version of every customer record, without anything that names a person. Older versions are history.
with versions as (
    select *
    from {{ ref('core__customers_judged') }}
    where rejection is null or rejection = 'older_version|'
),

members as (
    select * from {{ ref('party_members') }}
)

select
    members.customer_sk,
    members.member_sk,
    members.member_rank,
    versions.updated_at,
    versions.customer_type,
    versions.birth_date,
    versions.gender as gender_code,
    versions.education_code,
    versions.occupation_code,
    versions.marital_status as marital_status_code,
    versions.dependents_count,
    versions.declared_annual_income as declared_annual_income_amount,
    versions.industry_code,
    versions.enterprise_size_code,
    versions.employee_count,
    versions.annual_revenue as annual_revenue_amount,
    versions.region_code,
    versions.branch_id,
    {{ keyed_hash('versions.relationship_manager_id') }} as relationship_manager_key,
    versions.customer_since_date,
    row_number() over (
        partition by members.member_sk
        order by versions.updated_at nulls first
    ) = 1 as is_oldest_version
from versions
inner join members on versions.customer_id = members.customer_id
