{%- set codes = {
    'value_tier_code': 'customer_value_tiers', 'need_segment_code': 'customer_needs',
    'activity_state_code': 'customer_activity_states', 'customer_class_code': 'customer_classes',
} %}

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
),

dated as (
    select
        offers.*,
        months.as_of_date
    from offers
    left join {{ ref('ledger_months') }} as months
        on {{ month_number('offers.first_offer_date') }} = months.month_number + 1
),

-- The months of all customers pass by those of the few that were offered something: joined outward, all four histories
-- would have to be held in memory.
coded as (
    {%- for column, model in codes.items() %}
    {{ 'union all' if not loop.first }}
    select
        dated.campaign_id,
        dated.customer_sk,
        '{{ column }}' as column_name,
        {{ model }}.{{ column }} as code
    from dated
    inner join {{ ref(model) }} as {{ model }}
        on dated.customer_sk = {{ model }}.customer_sk and dated.as_of_date = {{ model }}.as_of_date
    {%- endfor %}
),

classified as (
    select
        {%- for column in codes %}
        max(case when column_name = '{{ column }}' then code end) as {{ column }},
        {%- endfor %}
        campaign_id,
        customer_sk
    from coded
    group by campaign_id, customer_sk
)

select
    {%- for column in codes %}
    coalesce(classified.{{ column }}, 'absent') as {{ column }},
    {%- endfor %}
    offers.campaign_id,
    offers.customer_sk,
    offers.first_offer_date,
    case offers.is_contacted when 1 then 'contacted' when 0 then 'holdout' else 'unknown' end as arm_code,
    offers.is_accepted = 1 as is_accepted
from offers
left join classified
    on offers.campaign_id = classified.campaign_id and offers.customer_sk = classified.customer_sk
