{%- set dimensions = campaign_dimensions() %}

-- What each campaign brought, as a whole and by segment: who was contacted against who was held out.
with campaigns as (
    select
        campaign_id,
        min(first_offer_date) as first_offer_date,
        max(first_offer_date) as last_offer_date
    from {{ ref('campaign_customers') }}
    group by campaign_id
),

-- as in the movements, who wasn't a customer yet is absent
cells as (
    select dimension, code, rank, label, label_zh
    from {{ ref('classification_codes') }}
    where dimension in ({{ quoted(dimensions) }})
    {%- for dimension in dimensions %}
    union all
    select '{{ dimension }}' as dimension, 'absent' as code, -1 as rank, label, label_zh
    from {{ ref('display_labels') }}
    where list = 'total' and code = 'no_customer'
    {%- endfor %}
    union all
    select 'all' as dimension, 'all' as code, 0 as rank, label, label_zh
    from {{ ref('display_labels') }}
    where list = 'total' and code = 'all_customers'
),

placed as (
    {%- for dimension, column in dimensions.items() %}
    select campaign_id, '{{ dimension }}' as dimension, {{ column }} as code, arm_code, is_accepted
    from {{ ref('campaign_customers') }}
    union all
    {%- endfor %}
    select campaign_id, 'all' as dimension, 'all' as code, arm_code, is_accepted
    from {{ ref('campaign_customers') }}
),

counted as (
    select
        campaign_id,
        dimension,
        code,
        sum(case when arm_code = 'contacted' then 1 else 0 end) as contacted_count,
        sum(case when arm_code = 'holdout' then 1 else 0 end) as holdout_count,
        sum(case when arm_code = 'unknown' then 1 else 0 end) as unknown_arm_count,
        sum(case when arm_code = 'contacted' and is_accepted then 1 else 0 end) as accepted_count,
        sum(case when arm_code = 'holdout' and is_accepted then 1 else 0 end) as holdout_accepted_count
    from placed
    group by campaign_id, dimension, code
),

newest as (
    select max(month_number) as month_number from {{ ref('ledger_months') }}
),

thresholds as (
    select thresholds.*
    from ({{ action_thresholds(['campaign_cell_size', 'campaign_z']) }}) as thresholds
    inner join {{ ref('month_rule_versions') }} as versions on thresholds.rule_version = versions.rule_version
    inner join newest on versions.month_number = newest.month_number
),

judged as (
    select
        campaigns.campaign_id,
        campaigns.first_offer_date,
        campaigns.last_offer_date,
        cells.dimension,
        cells.code,
        cells.rank,
        cells.label,
        cells.label_zh,
        cast(thresholds.campaign_z as {{ type_double() }}) as z,
        coalesce(counted.contacted_count, 0) as contacted_count,
        coalesce(counted.holdout_count, 0) as holdout_count,
        coalesce(counted.unknown_arm_count, 0) as unknown_arm_count,
        coalesce(counted.contacted_count < thresholds.campaign_cell_size, true)
        or counted.holdout_count < thresholds.campaign_cell_size as is_suppressed,
        counted.accepted_count,
        counted.holdout_accepted_count
    from campaigns
    cross join cells
    cross join thresholds
    left join counted
        on
            campaigns.campaign_id = counted.campaign_id
            and cells.dimension = counted.dimension
            and cells.code = counted.code
),

rated as (
    select
        *,
        {{ wilson_bound('accepted_count', 'contacted_count', 'z', '-') }} as response_lower,
        {{ wilson_bound('accepted_count', 'contacted_count', 'z', '+') }} as response_upper,
        {{ wilson_bound('holdout_accepted_count', 'holdout_count', 'z', '-') }} as holdout_response_lower,
        {{ wilson_bound('holdout_accepted_count', 'holdout_count', 'z', '+') }} as holdout_response_upper,
        case when not is_suppressed then cast(accepted_count as {{ type_double() }}) / contacted_count end
            as response_rate,
        case when not is_suppressed then cast(holdout_accepted_count as {{ type_double() }}) / holdout_count end
            as holdout_response_rate
    from judged
),

compared as (
    select
        *,
        {%- for bound, sign in [('lower', '-'), ('upper', '+')] %}
        {{ newcombe_bound(
            sign, 'response_rate', 'response_lower', 'response_upper', 'holdout_response_rate', 'holdout_response_lower',
            'holdout_response_upper'
        ) }} as uplift_{{ bound }},
        {%- endfor %}
        {{ published_ratio('response_rate - holdout_response_rate') }} as uplift
    from rated
)

select
    campaign_id,
    dimension,
    code as segment_code,
    cast(rank as integer) as segment_rank,
    label as segment_label,
    label_zh as segment_label_zh,
    first_offer_date,
    last_offer_date,
    cast(contacted_count as bigint) as contacted_count,
    cast(holdout_count as bigint) as holdout_count,
    cast(unknown_arm_count as bigint) as unknown_arm_count,
    is_suppressed,
    cast(case when not is_suppressed then accepted_count end as bigint) as accepted_count,
    cast(case when not is_suppressed then holdout_accepted_count end as bigint) as holdout_accepted_count,
    {{ published_ratio('response_rate') }} as response_rate,
    {{ published_ratio('holdout_response_rate') }} as holdout_response_rate,
    uplift,
    uplift_lower,
    uplift_upper,
    uplift_lower > 0 or uplift_upper < 0 as is_uplift_significant
from compared
