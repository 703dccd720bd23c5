-- Why a customer's score of the newest month is what it is: where it lost most, what carries it, and the smallest
-- single change that reaches the next class.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('month_rule_versions') }}
),

components as {{ not_materialized() }} (
    select components.*
    from {{ ref('score_components') }} as components
    inner join newest on components.as_of_date = newest.as_of_date
    where components.effective_weight is not null
),

rules as (
    select rules.*
    from {{ ref('class_rules') }} as rules
    inner join {{ ref('month_rule_versions') }} as months on rules.rule_version = months.rule_version
    inner join newest on months.as_of_date = newest.as_of_date
),

ranked as (
    select
        *,
        effective_weight * (100 - normalised_value) as points_lost,
        row_number() over (
            partition by customer_sk order by effective_weight * (100 - normalised_value) desc, indicator_rank asc
        ) as lost_rank,
        row_number() over (partition by customer_sk order by effective_points desc, indicator_rank asc) as strength_rank
    from components
),

reasons as (
    select
        ranked.customer_sk,
        ranked.as_of_date,
        'lost' as reason_type_code,
        ranked.lost_rank as reason_rank,
        ranked.indicator_number,
        ranked.points_lost as points
    from ranked
    cross join rules
    where ranked.lost_rank <= rules.lost_reason_count and ranked.points_lost > 0
    union all
    select
        ranked.customer_sk,
        ranked.as_of_date,
        'strength' as reason_type_code,
        ranked.strength_rank as reason_rank,
        ranked.indicator_number,
        ranked.effective_points as points
    from ranked
    cross join rules
    where ranked.strength_rank <= rules.strength_reason_count and ranked.effective_points > 0
    union all
    select
        customer_sk,
        as_of_date,
        'next_class' as reason_type_code,
        1 as reason_rank,
        indicator_number,
        points
    from {{ ref('int_next_class_steps') }}
)

select
    reasons.customer_sk,
    reasons.as_of_date,
    reasons.reason_type_code,
    cast(reasons.reason_rank as integer) as reason_rank,
    components.indicator_code,
    components.raw_value,
    components.raw_code,
    components.normalised_value,
    {{ published_ratio('reasons.points') }} as points,
    steps.next_class_code,
    steps.needed_raw_value,
    steps.needed_raw_code,
    steps.needed_normalised_value
from reasons
inner join components
    on reasons.customer_sk = components.customer_sk and reasons.indicator_number = components.indicator_number
left join {{ ref('int_next_class_steps') }} as steps
    on case when reasons.reason_type_code = 'next_class' then reasons.customer_sk end = steps.customer_sk
