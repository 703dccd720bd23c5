-- Looked up again where the facts are landed, not in the models that decide.
with offers as (
    select
        recommendations.*,
        parties.customer_sk,
        cast(substr(recommendations.product_risk_level_code, 2) as integer) as product_risk_level
    from {{ ref('customer_recommendations') }} as recommendations
    inner join {{ ref('stg_core__parties') }} as parties on recommendations.customer_key = parties.customer_key
    where recommendations.is_personalised and recommendations.guard_status_code = 'allowed'
),

assessments as (
    select
        offers.customer_sk,
        offers.product_code,
        assessments.assessed_at,
        max(assessments.assessed_at) over (partition by offers.customer_sk, offers.product_code) as last_assessed_at,
        levels.level
    from offers
    inner join {{ ref('stg_wealth__risk_assessments') }} as assessments
        on
            offers.customer_sk = assessments.customer_sk
            and cast(assessments.assessed_at as date) <= offers.as_of_date
            and {{ days_between('cast(assessments.assessed_at as date)', 'offers.as_of_date') }}
            <= {{ rule_parameter('assessment_validity_days') }}
    inner join {{ ref('risk_preferences') }} as levels on assessments.risk_level_code = levels.risk_level_code
),

-- of several on one day the most cautious
levels as (
    select customer_sk, product_code, min(level) as level
    from assessments
    where assessed_at = last_assessed_at
    group by customer_sk, product_code
),

consents as (
    select
        offers.customer_sk,
        offers.product_code,
        consents.consent_code,
        consents.is_granted,
        row_number() over (
            partition by offers.customer_sk, offers.product_code, consents.consent_code
            order by consents.effective_at desc, case when consents.is_granted then 1 else 0 end
        ) as decision_rank
    from offers
    inner join {{ ref('stg_crm__consents') }} as consents
        on offers.customer_sk = consents.customer_sk and cast(consents.effective_at as date) <= offers.as_of_date
),

permitted as (
    select
        customer_sk,
        product_code,
        max(case when consent_code = 'marketing' and is_granted then 1 else 0 end) as is_marketing_granted,
        max(case when consent_code = 'profiling' and not is_granted then 1 else 0 end) as is_profiling_withdrawn
    from consents
    where decision_rank = 1
    group by customer_sk, product_code
),

limits as (
    select rule_version, max(value) as recommendation_count
    from {{ ref('action_thresholds') }}
    where threshold_code = 'recommendation_count'
    group by rule_version
),

judged as (
    select
        offers.customer_key,
        offers.product_code,
        case
            when offers.product_risk_level > coalesce(levels.level, 1) then 'riskier than the valid assessment allows'
            when coalesce(permitted.is_marketing_granted, 0) = 0 then 'no consent to marketing'
            when permitted.is_profiling_withdrawn = 1 then 'consent to profiling withdrawn'
            when offers.is_credit and features.days_past_due > 0 then 'credit for somebody in arrears'
            when activities.activity_state_code = 'dormant' and not offers.is_reactivation then 'offer to the dormant'
        end as finding
    from offers
    inner join {{ ref('customer_features') }} as features
        on offers.customer_sk = features.customer_sk and offers.as_of_date = features.as_of_date
    inner join {{ ref('customer_activity_states') }} as activities
        on offers.customer_sk = activities.customer_sk and offers.as_of_date = activities.as_of_date
    left join levels on offers.customer_sk = levels.customer_sk and offers.product_code = levels.product_code
    left join permitted on offers.customer_sk = permitted.customer_sk and offers.product_code = permitted.product_code
),

counted as (
    select
        offers.customer_key,
        count(*) as offer_count,
        min(limits.recommendation_count) as recommendation_count
    from offers
    left join limits on offers.rule_version = limits.rule_version
    group by offers.customer_key
)

select *
from judged
where finding is not null
union all
select customer_key, null as product_code, 'more than the rules allow' as finding
from counted
where offer_count > recommendation_count
