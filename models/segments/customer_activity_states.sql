{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}
{%- set made %}
(
    select customer_sk from {{ ref('int_activity_states') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
)
{%- endset %}

-- Whether a customer woke up: dormant on an earlier month-end, then active again. A dormancy lasts longer than an
-- awakening counts, so the dormant months are known without it, and no month depends on the one before it.
with carried as (
    select
        states.customer_sk,
        states.as_of_date,
        states.month_number,
        features.last_activity_date,
        features.first_activity_date_12m,
        case when states.segment_code = 'dormant' then states.as_of_date end as dormant_date,
        cast(null as date) as reactivated_date
    from {{ ref('int_activity_states') }} as states
    inner join {{ ref('customer_features') }} as features
        on states.customer_sk = features.customer_sk and states.as_of_date = features.as_of_date
    where {{ is_customer_rebuilt('states.customer_sk', 'states.month_number') }}

    {% if is_incremental() -%}
    union all

    -- the newest row before the months to build carries the memory of those who have any
    select
        states.customer_sk,
        states.as_of_date,
        states.month_number,
        states.last_activity_date,
        cast(null as date) as first_activity_date_12m,
        states.last_dormant_date as dormant_date,
        states.reactivated_date
    from (
        {{ carried_rows(this, made) }}
    ) as states
    {%- endif %}
),

preceded as (
    select
        *,
        max(dormant_date) over up_to_now as last_dormant_date,
        max(dormant_date) over (
            partition by customer_sk order by month_number rows between unbounded preceding and 1 preceding
        ) as earlier_dormant_date,
        lag(last_activity_date) over up_to_now as earlier_activity_date
    from carried
    window up_to_now as (partition by customer_sk order by month_number)
),

-- In the month of the first activity after the dormancy, that activity is the first of twelve months.
woken as (
    select
        *,
        max(
            case
                when reactivated_date is not null then reactivated_date
                when last_activity_date > earlier_dormant_date
                    and coalesce(earlier_activity_date <= earlier_dormant_date, true)
                    then first_activity_date_12m
            end
        ) over (partition by customer_sk order by month_number) as woken_date
    from preceded
),

waking_rules as (
    select
        rules.rule_version,
        rules.priority,
        rules.rule_code,
        rules.segment_code,
        conditions.min_value,
        conditions.below_value
    from {{ ref('segment_rules') }} as rules
    inner join {{ ref('segment_rule_conditions') }} as conditions
        on
            rules.rule_version = conditions.rule_version
            and rules.dimension = conditions.dimension
            and rules.rule_code = conditions.rule_code
    where rules.dimension = 'activity' and conditions.feature = 'days_since_reactivation'
),

final as (
    select
        states.*,
        woken.last_activity_date,
        woken.last_dormant_date,
        woken.woken_date,
        coalesce(waking_rules.rule_code, states.rule_code) as activity_rule_code,
        coalesce(waking_rules.segment_code, states.segment_code) as computed_activity_state_code
    from {{ ref('int_activity_states') }} as states
    inner join woken on states.customer_sk = woken.customer_sk and states.as_of_date = woken.as_of_date
    left join waking_rules
        on
            states.rule_version = waking_rules.rule_version
            and states.priority > waking_rules.priority
            and {{ days_between('woken.woken_date', 'states.as_of_date') }} >= waking_rules.min_value
            and {{ days_between('woken.woken_date', 'states.as_of_date') }} < waking_rules.below_value
    where {{ is_customer_rebuilt('states.customer_sk', 'states.month_number') }}
)

select
    final.customer_sk,
    final.as_of_date,
    final.month_number,
    final.inactivity_days,
    final.last_activity_date,
    final.last_dormant_date,
    final.woken_date as reactivated_date,
    final.is_escheat_due,
    final.slowing_points,
    final.slowing_signals,
    final.activity_rule_code,
    final.computed_activity_state_code,
    coalesce(judgements.judged_code, final.computed_activity_state_code) as activity_state_code
from final
left join {{ ref('judgements_in_force') }} as judgements
    on
        final.customer_sk = judgements.customer_sk
        and final.as_of_date = judgements.as_of_date
        and judgements.dimension = 'activity'
