{{ config(
    materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

with alerts as (
    select
        warnings.*,
        signals.label,
        signals.label_zh,
        signals.severity_code,
        severities.rank as severity_rank,
        severities.label as severity_label,
        severities.label_zh as severity_label_zh,
        signals.owner_department,
        signals.min_value,
        signals.below_value,
        -- the bound that was crossed
        case
            when signals.min_value > cast('-infinity' as {{ type_double() }}) then signals.min_value
            else signals.below_value
        end as threshold_value,
        signals.evidence_scale,
        signals.evidence_text,
        signals.evidence_text_zh
    from {{ ref('customer_warnings') }} as warnings
    inner join {{ ref('months_to_publish') }} as months on warnings.as_of_date = months.as_of_date
    inner join {{ ref('alert_signals') }} as signals
        on warnings.rule_version = signals.rule_version and warnings.signal_code = signals.signal_code
    inner join {{ ref('action_codes') }} as severities
        on signals.severity_code = severities.code and severities.list = 'alert_severity'
    where {{ is_customer_rebuilt('warnings.customer_sk', 'months.month_number') }}
),

worded as (
    select
        alerts.*,
        {{ evidence_number('alerts.evidence_value', 'alerts.evidence_scale') }} as value_text,
        {{ evidence_number('alerts.threshold_value', 'alerts.evidence_scale') }} as threshold_text
    from alerts
)

select
    parties.customer_key,
    worded.as_of_date,
    worded.signal_code,
    worded.label as signal_label,
    worded.label_zh as signal_label_zh,
    worded.severity_code,
    worded.severity_rank,
    worded.severity_label,
    worded.severity_label_zh,
    worded.evidence_value,
    worded.threshold_value,
    -- no bound is null here: many readers can't hold infinity
    nullif(worded.min_value, cast('-infinity' as {{ type_double() }})) as min_value,
    nullif(worded.below_value, cast('infinity' as {{ type_double() }})) as below_value,
    {{ filled_in('worded.evidence_text', {'value': 'worded.value_text', 'threshold': 'worded.threshold_text'}) }}
        as evidence_text,
    {{ filled_in('worded.evidence_text_zh', {'value': 'worded.value_text', 'threshold': 'worded.threshold_text'}) }}
        as evidence_text_zh,
    features.adb_1m as adb_at_risk_amount,
    features.contribution_12m as contribution_at_risk_amount,
    worded.owner_department as owner_department_code,
    worded.on_since_date,
    worded.on_since_date = worded.as_of_date as is_new,
    worded.rule_version
from worded
inner join {{ ref('stg_core__parties') }} as parties on worded.customer_sk = parties.customer_sk
inner join {{ ref('customer_features') }} as features
    on worded.customer_sk = features.customer_sk and worded.as_of_date = features.as_of_date
