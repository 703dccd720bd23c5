{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- The class that a customer's month earns, the one that is held, and the one that counts after judgement.
with earned as (
    select
        scores.customer_sk,
        scores.as_of_date,
        months.month_number,
        scores.rule_version,
        rules.quality_hold_months,
        {{ earned_class_rule(
            'vetoes.customer_sk is not null', 'scores.composite_score', 'scores.risk_score', 'scores.potential_score',
            'rules'
        ) }} as earned_rule_code
    from {{ ref('customer_scores') }} as scores
    inner join {{ ref('month_rule_versions') }} as months on scores.as_of_date = months.as_of_date
    left join {{ ref('class_rules') }} as rules on scores.rule_version = rules.rule_version
    left join {{ ref('vetoed_months') }} as vetoes
        on scores.customer_sk = vetoes.customer_sk and scores.as_of_date = vetoes.as_of_date
    where {{ is_customer_rebuilt('scores.customer_sk', 'months.month_number') }}
),

started as (
    select
        *,
        case when earned_rule_code = 'quality' then month_number end as quality_month_number,
        case when earned_rule_code = 'risk_score' then month_number end as veto_month_number
    from earned

    {% if is_incremental() -%}
    union all

    -- the newest row before the months to build carries the clocks of those who have any
    select
        classes.customer_sk, classes.as_of_date, classes.month_number, classes.rule_version,
        cast(null as integer) as quality_hold_months, classes.rule_code as earned_rule_code,
        classes.last_quality_month_number as quality_month_number,
        classes.last_veto_month_number as veto_month_number
    from (
        {{ carried_rows(this, 'earned') }}
    ) as classes
    {%- endif %}
),

dated as (
    select
        *,
        max(quality_month_number) over (partition by customer_sk order by month_number) as last_quality_month_number,
        max(veto_month_number) over (partition by customer_sk order by month_number) as last_score_veto_month_number
    from started
),

-- a loan's veto may fall into a month without a row
clocked as (
    select
        dated.*,
        nullif(
            greatest(coalesce(vetoes.month_number, 0), coalesce(dated.last_score_veto_month_number, 0)), 0
        ) as last_veto_month_number
    from dated
    left join {{ ref('vetoed_months') }} as vetoes
        on
            dated.customer_sk = vetoes.customer_sk
            and dated.month_number >= vetoes.month_number
            and dated.month_number < {{ month_or_never('vetoes.next_month_number') }}
    where {{ is_customer_rebuilt('dated.customer_sk', 'dated.month_number') }}
),

held as (
    select
        *,
        case
            when earned_rule_code in ('quality', 'unclassified') then earned_rule_code
            when {{ is_held(
                'month_number', 'last_quality_month_number', 'last_veto_month_number', 'quality_hold_months'
            ) }} then 'hold'
            else earned_rule_code
        end as held_rule_code
    from clocked
),

classed as (
    select
        *,
        {{ class_of_rule('earned_rule_code') }} as earned_customer_class_code,
        case when held_rule_code = 'hold' then 'quality' else {{ class_of_rule('held_rule_code') }} end
            as held_customer_class_code
    from held
)

select
    classed.customer_sk,
    classed.as_of_date,
    classed.month_number,
    classed.earned_customer_class_code,
    classed.held_customer_class_code,
    coalesce(judgements.judged_code, classed.held_customer_class_code) as customer_class_code,
    case when judgements.judged_code is null then classed.held_rule_code else 'judgement' end as rule_code,
    classed.last_quality_month_number,
    classed.last_veto_month_number,
    classed.rule_version
from classed
left join {{ ref('judgements_in_force') }} as judgements
    on
        classed.customer_sk = judgements.customer_sk
        and classed.as_of_date = judgements.as_of_date
        and judgements.dimension = 'class'
