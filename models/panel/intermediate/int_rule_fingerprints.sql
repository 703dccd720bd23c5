-- Fingerprints of the rules: the rows of a rule version act from the day it is valid, everything else in all
-- months, so that a changed rule makes anew what it touches.
{% set tier_columns = [
    'rule_version', 'currency_code', 'customer_type', 'tier_code', 'enter_at', 'stay_at', 'hold_months',
] %}

with tiers as (
    select rule_version, {{ row_fingerprint(tier_columns) }} as fingerprint
    from {{ ref('value_tiers') }}
    union all
    select rule_version, {{ row_fingerprint(tier_columns) }} as fingerprint
    from {{ ref('value_tier_calibrations') }}
),

versioned as (
    select
        versions.valid_from as effective_date,
        {{ row_fingerprint([
            'versions.rule_version', 'versions.valid_from', 'versions.status_code', 'tiers.fingerprint',
        ]) }} as fingerprint
    from {{ ref('rule_versions') }} as versions
    left join tiers on versions.rule_version = tiers.rule_version
),

timeless as (
    select {{ row_fingerprint(['parameter_code', 'value']) }} as fingerprint
    from {{ ref('rule_parameters') }}
    union all
    select {{ row_fingerprint(['transaction_code', 'initiator', 'is_regular_income', 'flow_kind']) }} as fingerprint
    from {{ ref('transaction_codes') }}
    union all
    select {{ row_fingerprint(['dimension', 'code', 'rank']) }} as fingerprint
    from {{ ref('classification_codes') }}
    union all
    select {{ row_fingerprint(['source_name', 'table_name', 'column_name', 'is_landed']) }} as fingerprint
    from {{ source('landing', 'landed_columns') }}
    union all
    select {{ row_fingerprint(["'" ~ var('base_currency') ~ "'"]) }} as fingerprint
)

select effective_date, fingerprint from versioned
union all
select cast('0001-01-01' as date) as effective_date, fingerprint from timeless
