-- Who was offered something in a campaign or held out of it, what came of it, and which segments the customer was in on
-- the month-end before. Whoever was contacted once isn't held out.
with offers as (
    select
        campaign_id,
        customer_sk,
        min(cast(occurred_at as date)) as first_offer_date,
        max(case when is_holdout then 0 when not is_holdout then 1 end) as is_contacted,
        max(case when outcome_code = 'accepted' then 1 else 0 end) as is_accepted
    from {{ ref('stg_crm__interactions') }}
    where
        interaction_type_code = 'offer'
        and campaign_id is not null
        and {{ month_number('occurred_at') }}
        <= (select max(months.month_number) as month_number from {{ ref('ledger_months') }} as months)
    group by campaign_id, customer_sk
)

select
    offers.campaign_id,
    offers.customer_sk,
    offers.first_offer_date,
    case offers.is_contacted when 1 then 'contacted' when 0 then 'holdout' else 'unknown' end as arm_code,
    offers.is_accepted = 1 as is_accepted,
    coalesce(tiers.value_tier_code, 'absent') as value_tier_code,
    coalesce(needs.need_segment_code, 'absent') as need_segment_code,
    coalesce(activities.activity_state_code, 'absent') as activity_state_code,
    coalesce(classes.customer_class_code, 'absent') as customer_class_code
from offers
left join {{ ref('ledger_months') }} as months
    on {{ month_number('offers.first_offer_date') }} = months.month_number + 1
left join {{ ref('customer_value_tiers') }} as tiers
    on offers.customer_sk = tiers.customer_sk and months.as_of_date = tiers.as_of_date
left join {{ ref('customer_needs') }} as needs
    on offers.customer_sk = needs.customer_sk and months.as_of_date = needs.as_of_date
left join {{ ref('customer_activity_states') }} as activities
    on offers.customer_sk = activities.customer_sk and months.as_of_date = activities.as_of_date
left join {{ ref('customer_classes') }} as classes
    on offers.customer_sk = classes.customer_sk and months.as_of_date = classes.as_of_date
