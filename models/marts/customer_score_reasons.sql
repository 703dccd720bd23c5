with reasons as (
    select
        reasons.*,
        indicators.label,
        indicators.label_zh,
        classes.label as next_class_label,
        classes.label_zh as next_class_label_zh,
        texts.sentence,
        texts.sentence_zh,
        coalesce(reasons.raw_code, {{ as_plain_number('reasons.raw_value') }}) as value_text,
        coalesce(reasons.needed_raw_code, {{ as_plain_number('reasons.needed_raw_value') }}) as needed_text
    from {{ ref('score_reasons') }} as reasons
    inner join {{ ref('month_rule_versions') }} as months on reasons.as_of_date = months.as_of_date
    inner join {{ ref('score_indicators') }} as indicators
        on months.rule_version = indicators.rule_version and reasons.indicator_code = indicators.indicator_code
    inner join {{ ref('score_texts') }} as texts on reasons.reason_type_code = texts.text_code
    left join {{ ref('classification_codes') }} as classes
        on reasons.next_class_code = classes.code and classes.dimension = 'class'
)

select
    parties.customer_key,
    reasons.as_of_date,
    reasons.reason_type_code,
    reasons.reason_rank,
    reasons.indicator_code,
    reasons.label as indicator_label,
    reasons.label_zh as indicator_label_zh,
    reasons.raw_value,
    reasons.raw_code,
    reasons.normalised_value,
    reasons.points,
    reasons.next_class_code,
    reasons.needed_raw_value,
    reasons.needed_raw_code,
    reasons.needed_normalised_value,
    {{ filled_in('reasons.sentence', {
        'label': 'reasons.label', 'class': 'reasons.next_class_label', 'value': 'reasons.value_text',
        'needed': 'reasons.needed_text',
    }) }} as reason_text,
    {{ filled_in('reasons.sentence_zh', {
        'label': 'reasons.label_zh', 'class': 'reasons.next_class_label_zh', 'value': 'reasons.value_text',
        'needed': 'reasons.needed_text',
    }) }} as reason_text_zh
from reasons
inner join {{ ref('stg_core__parties') }} as parties on reasons.customer_sk = parties.customer_sk
