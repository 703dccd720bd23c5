{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

{%- set names = ['need_score_count'] %}
{%- for need in need_codes() %}
{%- do names.extend([need ~ '_need_score', need ~ '_need_lead']) %}
{%- endfor %}

-- The need segment: the best score if it is high enough and leads the others by enough. A score without a rival leads
-- by all that it is.
with facts as (
    select
        *,
        {% for need in need_codes() -%}
        {{ published_ratio(
            need ~ '_need_score - coalesce(greatest('
            ~ need_codes() | reject('equalto', need) | join('_need_score, ') ~ '_need_score), 0)'
        ) }} as {{ need }}_need_lead,
        {% endfor -%}
        {{ count_of_known(need_codes(), '_need_score') }} as need_score_count
    from {{ ref('int_need_scores') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
),

rules as (
    {{ rules_side_by_side('need') }}
),

valued as (
    select
        {{ rule_values(names) }}
    from facts
    cross join rules
),

matched as (
    select
        customer_sk,
        as_of_date,
        rule_version,
        min(priority) as priority
    from valued
    where {{ rule_is_met() }}
    group by customer_sk, as_of_date, rule_version
),

coded as (
    select
        facts.*,
        rules.rule_code as need_rule_code,
        coalesce(rules.segment_code, 'unclassified') as computed_need_segment_code
    from facts
    left join matched on facts.customer_sk = matched.customer_sk and facts.as_of_date = matched.as_of_date
    left join {{ ref('segment_rules') }} as rules
        on
            matched.rule_version = rules.rule_version
            and matched.priority = rules.priority
            and rules.dimension = 'need'
)

select
    coded.customer_sk,
    coded.as_of_date,
    coded.month_number,
    coded.wealth_need_score,
    coded.financing_need_score,
    coded.settlement_need_score,
    coded.need_rule_code,
    coded.computed_need_segment_code,
    coalesce(judgements.judged_code, coded.computed_need_segment_code) as need_segment_code
from coded
left join {{ ref('judgements_in_force') }} as judgements
    on
        coded.customer_sk = judgements.customer_sk
        and coded.as_of_date = judgements.as_of_date
        and judgements.dimension = 'need'
