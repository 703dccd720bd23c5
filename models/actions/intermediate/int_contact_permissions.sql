-- What may be said to a customer on the newest month-end: consents as last given, offers of the month, whether there
-- ever was a risk assessment. A consent that was never given is missing; several decisions of one moment: the refusal.
with newest as (
    select max(as_of_date) as as_of_date, max(month_number) as month_number
    from {{ ref('ledger_months') }}
),

decisions as (
    select
        consents.customer_sk,
        consents.consent_code,
        consents.is_granted,
        row_number() over (
            partition by consents.customer_sk, consents.consent_code
            order by consents.effective_at desc, case when consents.is_granted then 1 else 0 end
        ) as decision_rank
    from {{ ref('stg_crm__consents') }} as consents
    cross join newest
    where cast(consents.effective_at as date) <= newest.as_of_date
),

consents as (
    select
        customer_sk,
        max(case when consent_code = 'marketing' and is_granted then 1 else 0 end) as is_marketing_granted,
        max(case when consent_code = 'profiling' and not is_granted then 1 else 0 end) as is_profiling_withdrawn
    from decisions
    where decision_rank = 1
    group by customer_sk
),

-- who was held out of a campaign was not contacted
offers as (
    select
        contacts.customer_sk,
        count(*) as offer_count
    from {{ ref('stg_crm__interactions') }} as contacts
    cross join newest
    where
        contacts.interaction_type_code = 'offer'
        and not coalesce(contacts.is_holdout, false)
        and {{ month_number('contacts.occurred_at') }} = newest.month_number
    group by contacts.customer_sk
),

assessments as (
    select
        assessments.customer_sk,
        count(*) as assessment_count
    from {{ ref('stg_wealth__risk_assessments') }} as assessments
    cross join newest
    where cast(assessments.assessed_at as date) <= newest.as_of_date
    group by assessments.customer_sk
)

select
    customers.customer_sk,
    coalesce(consents.is_marketing_granted, 0) = 1 as is_marketing_granted,
    coalesce(consents.is_profiling_withdrawn, 0) = 1 as is_profiling_withdrawn,
    cast(coalesce(offers.offer_count, 0) as integer) as offer_count,
    coalesce(assessments.assessment_count, 0) > 0 as has_been_assessed
from {{ ref('int_newest_customers') }} as customers
left join consents on customers.customer_sk = consents.customer_sk
left join offers on customers.customer_sk = offers.customer_sk
left join assessments on customers.customer_sk = assessments.customer_sk
