-- Fingerprints of the rules: the rows of a rule version act from the day it is valid, everything else in all
-- months, so that a changed rule makes anew what it touches.
{% set versioned_seeds = {
    'value_tiers': ['currency_code', 'customer_type', 'tier_code', 'enter_at', 'stay_at', 'hold_months'],
    'value_tier_calibrations': ['currency_code', 'customer_type', 'tier_code', 'enter_at', 'stay_at', 'hold_months'],
    'segment_rules': ['dimension', 'priority', 'rule_code', 'segment_code'],
    'segment_rule_conditions': ['dimension', 'rule_code', 'feature', 'min_value', 'below_value'],
    'segment_thresholds': ['threshold_code', 'value'],
    'activity_signals': ['signal_code', 'points', 'threshold'],
    'dormancy_packs': [
        'pack_code', 'inactive_days', 'dormant_days', 'escheat_days', 'balance_min_value', 'balance_below_value',
        'is_term_deposit_exempt', 'is_linked_contract_exempt',
    ],
    'need_components': ['need_code', 'component_number', 'feature', 'floor_value', 'cap_value', 'weight'],
    'feature_points': ['feature', 'code', 'points'],
} %}

with rules as (
    {%- for seed, columns in versioned_seeds.items() %}
    {{ 'union all' if not loop.first }}
    select rule_version, {{ row_fingerprint(["'" ~ seed ~ "'", 'rule_version'] + columns) }} as fingerprint
    from {{ ref(seed) }}
    {%- endfor %}
),

versioned as (
    select
        versions.valid_from as effective_date,
        {{ row_fingerprint([
            'versions.rule_version', 'versions.valid_from', 'versions.status_code', 'rules.fingerprint',
        ]) }} as fingerprint
    from {{ ref('rule_versions') }} as versions
    left join rules on versions.rule_version = rules.rule_version
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
    select {{ row_fingerprint(["'" ~ var('base_currency') ~ "'", "'" ~ var('dormancy_pack') ~ "'"]) }} as fingerprint
)

select effective_date, fingerprint from versioned
union all
select cast('0001-01-01' as date) as effective_date, fingerprint from timeless
