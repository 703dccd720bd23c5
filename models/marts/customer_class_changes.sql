{{ config(materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail') }}

with changes as (
    select
        changes.*,
        old_codes.label as old_label,
        old_codes.label_zh as old_label_zh,
        new_codes.label as new_label,
        new_codes.label_zh as new_label_zh,
        reasons.label as rule_label,
        reasons.label_zh as rule_label_zh,
        coalesce(reasons.reason, changes.rule_code) as reason,
        coalesce(reasons.reason_zh, changes.rule_code) as reason_zh,
        sentences.sentence,
        sentences.sentence_zh,
        causes.indicator_code as main_driver_code,
        coalesce(indicators.subject, texts.sentence) as subject,
        coalesce(indicators.subject_zh, texts.sentence_zh) as subject_zh
    from {{ ref('class_changes') }} as changes
    inner join {{ ref('months_to_publish') }} as months on changes.as_of_date = months.as_of_date
    inner join {{ ref('classification_codes') }} as old_codes
        on changes.dimension = old_codes.dimension and changes.old_code = old_codes.code
    inner join {{ ref('classification_codes') }} as new_codes
        on changes.dimension = new_codes.dimension and changes.new_code = new_codes.code
    inner join {{ ref('change_sentences') }} as sentences on changes.dimension = sentences.dimension
    left join {{ ref('change_reasons') }} as reasons
        on changes.dimension = reasons.dimension and changes.rule_code = reasons.rule_code
    left join {{ ref('class_change_causes') }} as causes
        on
            case when changes.dimension = 'class' then changes.customer_sk end = causes.customer_sk
            and changes.as_of_date = causes.as_of_date
    left join {{ ref('score_indicators') }} as indicators
        on changes.rule_version = indicators.rule_version and causes.indicator_code = indicators.indicator_code
    left join {{ ref('score_texts') }} as texts on causes.indicator_code = texts.text_code
    where {{ is_customer_rebuilt('changes.customer_sk', 'months.month_number') }}
),

worded as (
    select
        changes.*,
        case when changes.subject is not null then {{ filled_in('texts.sentence', {'subject': 'changes.subject'}) }} end
            as driver_clause,
        case
            when changes.subject_zh is not null
                then {{ filled_in('texts.sentence_zh', {'subject': 'changes.subject_zh'}) }}
        end as driver_clause_zh
    from changes
    cross join {{ ref('score_texts') }} as texts
    where texts.text_code = 'driver'
)

select
    parties.customer_key,
    worded.as_of_date,
    worded.dimension,
    worded.old_code,
    worded.old_label,
    worded.old_label_zh,
    worded.new_code,
    worded.new_label,
    worded.new_label_zh,
    worded.rule_code,
    worded.rule_label,
    worded.rule_label_zh,
    worded.previous_rule_version,
    worded.rule_version,
    worded.previous_composite_score,
    worded.composite_score,
    {{ published_ratio('worded.composite_score - worded.previous_composite_score') }} as composite_change,
    worded.main_driver_code,
    {{ filled_in('worded.sentence', {
        'date': 'cast(worded.as_of_date as ' ~ dbt.type_string() ~ ')', 'old': 'worded.old_label',
        'new': 'worded.new_label', 'reason': "worded.reason || coalesce(worded.driver_clause, '')",
        'deadline': 'cast(worded.appeal_deadline_date as ' ~ dbt.type_string() ~ ')',
    }) }} as sentence,
    {{ filled_in('worded.sentence_zh', {
        'date': 'cast(worded.as_of_date as ' ~ dbt.type_string() ~ ')', 'old': 'worded.old_label_zh',
        'new': 'worded.new_label_zh', 'reason': "worded.reason_zh || coalesce(worded.driver_clause_zh, '')",
        'deadline': 'cast(worded.appeal_deadline_date as ' ~ dbt.type_string() ~ ')',
    }) }} as sentence_zh,
    worded.appeal_deadline_date,
    worded.has_open_objection
from worded
inner join {{ ref('stg_core__parties') }} as parties on worded.customer_sk = parties.customer_sk
