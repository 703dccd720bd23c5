-- Fingerprints of the rules: the rows of a rule version act from the day it is valid, everything else in all
-- months, so that a changed rule makes anew what it touches.
-- seeds whose rows act from their version on
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
    'tags': [
        'tag_code', 'label', 'label_zh', 'domain', 'customer_types', 'kind', 'feature', 'code_value', 'min_value',
        'below_value', 'owner_department',
    ],
    'score_dimensions': ['dimension', 'weight', 'min_observed_share'],
    'score_indicators': [
        'indicator_code', 'indicator_rank', 'dimension', 'customer_type', 'feature', 'weight', 'missing_policy',
        'deduction_code', 'label', 'label_zh', 'subject', 'subject_zh',
    ],
    'score_bands': ['indicator_code', 'min_value', 'below_value', 'value_at_min', 'value_at_below'],
    'score_code_points': ['indicator_code', 'code', 'normalised_value'],
    'score_formulas': [
        'primacy_maximum', 'primacy_points', 'product_line_maximum', 'product_line_points', 'overdraft_month_deduction',
    ],
    'class_rules': [
        'risk_below_risk_score', 'quality_min_composite_score', 'quality_min_risk_score', 'potential_min_potential_score',
        'quality_hold_months', 'appeal_days',
    ],
    'alert_signals': [
        'signal_code', 'label', 'label_zh', 'severity_code', 'feature', 'min_value', 'below_value', 'base_feature',
        'base_min_value', 'base_below_value', 'evidence_scale', 'evidence_text', 'evidence_text_zh', 'owner_department',
    ],
    'confidence_grades': ['confidence_grade', 'min_value', 'below_value', 'label', 'label_zh'],
} %}
-- seeds whose rows act in all months: what of them acts
{% set timeless_seeds = {
    'rule_parameters': ['parameter_code', 'value'],
    'transaction_codes': ['transaction_code', 'initiator', 'is_regular_income', 'flow_kind', 'usage_code'],
    'classification_codes': ['dimension', 'code', 'rank', 'label', 'label_zh'],
    'action_codes': ['list', 'code', 'rank', 'label', 'label_zh'],
    'change_sentences': ['dimension', 'sentence', 'sentence_zh'],
    'change_reasons': ['dimension', 'rule_code', 'label', 'label_zh', 'reason', 'reason_zh'],
    'score_texts': ['text_code', 'label', 'label_zh', 'sentence', 'sentence_zh'],
    'channel_codes': ['channel_code', 'channel_group'],
    'product_codes': ['product_code', 'product_kind', 'product_line', 'risk_level'],
    'channel_unit_costs': ['channel_group', 'unit_cost_amount'],
    'default_probabilities': ['basis', 'code', 'default_probability'],
    'loss_given_default': ['product_code', 'loss_given_default'],
    'age_bands': ['age_band_code', 'min_value', 'below_value'],
    'occupation_stabilities': ['occupation_code', 'occupation_stability_code'],
    'enterprise_sizes': ['enterprise_size_code', 'rank', 'min_employee_count', 'min_annual_revenue_amount'],
    'region_income_levels': ['region_income_level_code', 'min_value', 'below_value'],
    'deposit_rhythms': ['deposit_rhythm_code', 'min_value', 'below_value'],
    'risk_preferences': ['risk_level_code', 'level', 'risk_preference_code'],
    'term_ladder_steps': ['feature', 'min_days', 'below_days'],
    'primacy_points': ['criterion_code', 'min_value', 'points'],
    'evaluation_subjects': [
        'subject_code', 'direction', 'is_stability_watched', 'is_rank_watched', 'is_predictor',
    ],
    'evaluation_dimensions': ['dimension', 'worse_rank_direction'],
    'outcome_definitions': ['outcome_code', 'threshold', 'minimum_base'],
    'outcome_horizons': ['horizon_months'],
    'outcome_activity_states': ['activity_state_code'],
    'capture_shares': ['capture_code', 'customer_share'],
    'fairness_settings': ['fairness_code', 'dimension', 'segment_code', 'is_favourable'],
    'chi_squared_quantiles': ['degrees_of_freedom', 'quantile'],
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
    {% for seed, columns in timeless_seeds.items() -%}
    select {{ row_fingerprint(["'" ~ seed ~ "'"] + columns) }} as fingerprint
    from {{ ref(seed) }}
    union all
    {% endfor -%}
    select {{ row_fingerprint(['source_name', 'table_name', 'column_name', 'is_landed']) }} as fingerprint
    from {{ source('landing', 'landed_columns') }}
    union all
    select {{ row_fingerprint([
        "'" ~ var('base_currency') ~ "'", "'" ~ var('dormancy_pack') ~ "'", "'" ~ var('challenger_version') ~ "'",
        "'" ~ var('history_months') ~ "'",
    ]) }} as fingerprint
)

select effective_date, fingerprint from versioned
union all
select cast('0001-01-01' as date) as effective_date, fingerprint from timeless
