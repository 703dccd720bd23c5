with features as (
    select
        feature,
        case when data_type = 'varchar' then 'codes' else 'bands' end as normalisation
    from {{ ref('feature_catalogue') }}
    where data_type <> 'date'
    union all
    select 'product_gap' as feature, 'bands' as normalisation
),

scaled as (
    select distinct
        rule_version,
        indicator_code,
        'bands' as normalisation
    from {{ ref('score_bands') }}
    union all
    select distinct
        rule_version,
        indicator_code,
        'codes' as normalisation
    from {{ ref('score_code_points') }}
)

select
    indicators.rule_version,
    indicators.indicator_code,
    indicators.feature,
    indicators.normalisation,
    case
        when features.feature is null then 'no such feature, or one of another kind'
        when scaled.indicator_code is null then 'no bands or code points'
        else 'bands and code points'
    end as finding
from {{ ref('score_indicators') }} as indicators
left join features
    on indicators.feature = features.feature and indicators.normalisation = features.normalisation
left join scaled
    on indicators.rule_version = scaled.rule_version and indicators.indicator_code = scaled.indicator_code
where
    features.feature is null
    or scaled.indicator_code is null
    or scaled.normalisation <> indicators.normalisation
