{%- set value = 'coalesce(reasons.raw_code, ' ~ as_plain_number('reasons.raw_value') ~ ')' %}
{%- set needed = 'coalesce(reasons.needed_raw_code, ' ~ as_plain_number('reasons.needed_raw_value') ~ ')' %}
-- few sentences have more blanks than their indicator's name, which is filled in once for all customers
with sentences as (
    select
        indicators.rule_version,
        indicators.indicator_code,
        indicators.label,
        indicators.label_zh,
        texts.text_code,
        {{ filled_in('texts.sentence', {'label': 'indicators.label'}) }} as sentence,
        {{ filled_in('texts.sentence_zh', {'label': 'indicators.label_zh'}) }} as sentence_zh
    from {{ ref('score_indicators') }} as indicators
    cross join {{ ref('score_texts') }} as texts
),

reasons as (
    select
        reasons.*,
        sentences.label,
        sentences.label_zh,
        classes.label as next_class_label,
        classes.label_zh as next_class_label_zh,
        sentences.sentence,
        sentences.sentence_zh,
        {{ has_blanks('sentences.sentence') }} or {{ has_blanks('sentences.sentence_zh') }} as has_blanks
    from {{ ref('score_reasons') }} as reasons
    inner join {{ ref('month_rule_versions') }} as months on reasons.as_of_date = months.as_of_date
    inner join sentences
        on
            months.rule_version = sentences.rule_version
            and reasons.indicator_code = sentences.indicator_code
            and reasons.reason_type_code = sentences.text_code
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
    case
        when reasons.has_blanks
            then
                {{ filled_in('reasons.sentence', {
                    'class': 'reasons.next_class_label', 'value': value, 'needed': needed,
                }) }}
        else reasons.sentence
    end as reason_text,
    case
        when reasons.has_blanks
            then
                {{ filled_in('reasons.sentence_zh', {
                    'class': 'reasons.next_class_label_zh', 'value': value, 'needed': needed,
                }) }}
        else reasons.sentence_zh
    end as reason_text_zh
from reasons
inner join {{ ref('stg_core__parties') }} as parties on reasons.customer_sk = parties.customer_sk
