-- Recommendations for the newest month: what may be made, best first; the alternative that is the same for everybody;
-- and what must not be made, with the first guard that forbids it.
with thresholds as (
    {{ action_thresholds(['recommendation_count', 'contact_cap', 'unassessed_risk_level']) }}
),

judged as (
    select
        candidates.*,
        customers.risk_level,
        customers.days_past_due,
        customers.has_loan,
        customers.activity_state_code,
        permissions.is_marketing_granted,
        permissions.offer_count,
        permissions.has_been_assessed,
        thresholds.recommendation_count,
        thresholds.contact_cap,
        coalesce(candidates.product_risk_level > thresholds.unassessed_risk_level, false) as is_risky
    from {{ ref('int_recommendation_candidates') }} as candidates
    inner join {{ ref('int_newest_customers') }} as customers on candidates.customer_sk = customers.customer_sk
    inner join {{ ref('int_contact_permissions') }} as permissions on candidates.customer_sk = permissions.customer_sk
    left join thresholds on candidates.rule_version = thresholds.rule_version
),

-- An unknown delay of a loan that is there counts as one.
guarded as (
    select
        judged.*,
        guards.guard_order,
        case guards.guard_code
            when 'suitability' then coalesce(judged.product_risk_level > judged.risk_level, false)
            when 'assessment_missing'
                then judged.is_risky and judged.risk_level is null and not judged.has_been_assessed
            when 'assessment_expired' then judged.is_risky and judged.risk_level is null and judged.has_been_assessed
            when 'no_marketing_consent' then not judged.is_marketing_granted
            when 'overdue'
                then judged.is_credit and coalesce(judged.days_past_due > 0, coalesce(judged.has_loan, false))
            when 'contact_cap' then judged.offer_count >= judged.contact_cap
            when 'dormant' then judged.activity_state_code = 'dormant' and not judged.is_reactivation
            when 'closed' then judged.activity_state_code = 'closed'
            else false
        end as is_forbidden
    from judged
    inner join {{ ref('recommendation_guards') }} as guards on judged.rule_version = guards.rule_version
    where judged.is_personalised
),

first_guards as (
    select
        customer_sk,
        product_code,
        min(case when is_forbidden then guard_order end) as guard_order
    from guarded
    group by customer_sk, product_code
),

ordered as (
    select
        judged.*,
        first_guards.guard_order,
        row_number() over (
            partition by
                judged.customer_sk, judged.is_personalised, case when first_guards.guard_order is null then 1 else 0 end
            order by
                case when judged.expected_value_amount is null then 1 else 0 end,
                judged.expected_value_amount desc,
                {{ by_bytes('judged.product_code') }}
        ) as value_rank
    from judged
    left join first_guards
        on
            case when judged.is_personalised then judged.customer_sk end = first_guards.customer_sk
            and judged.product_code = first_guards.product_code
),

decided as (
    select
        ordered.*,
        guards.guard_code as found_guard_code,
        case
            when not ordered.is_personalised then 'alternative'
            when ordered.guard_order is not null or ordered.value_rank > ordered.recommendation_count then 'blocked'
            else 'allowed'
        end as guard_status_code
    from ordered
    left join {{ ref('recommendation_guards') }} as guards
        on ordered.rule_version = guards.rule_version and ordered.guard_order = guards.guard_order
)

select
    decided.customer_sk,
    decided.as_of_date,
    cast(
        row_number() over (
            partition by decided.customer_sk
            order by
                statuses.rank,
                case when decided.expected_value_amount is null then 1 else 0 end,
                decided.expected_value_amount desc,
                {{ by_bytes('decided.product_code') }}
        ) as integer
    ) as offer_rank,
    decided.rule_version,
    decided.recommendation_code,
    decided.product_code,
    decided.product_risk_level,
    decided.channel_code,
    decided.acceptance_probability,
    decided.margin_rate,
    decided.expected_value_amount,
    decided.is_credit,
    decided.is_personalised,
    decided.is_reactivation,
    decided.guard_status_code,
    case
        when decided.guard_status_code = 'blocked' then coalesce(decided.found_guard_code, 'not_among_best')
    end as guard_code
from decided
inner join {{ ref('action_codes') }} as statuses
    on decided.guard_status_code = statuses.code and statuses.list = 'guard_status'
