{{ config(materialized='incremental', incremental_strategy='publish_customers', on_schema_change='fail') }}

-- Only what the department follows up.
select
    alerts.customer_key,
    alerts.as_of_date,
    alerts.signal_code,
    alerts.signal_label,
    alerts.signal_label_zh,
    alerts.severity_code,
    alerts.severity_rank,
    alerts.severity_label,
    alerts.severity_label_zh,
    alerts.evidence_value,
    alerts.threshold_value,
    alerts.min_value,
    alerts.below_value,
    alerts.evidence_text,
    alerts.evidence_text_zh,
    alerts.adb_at_risk_amount,
    alerts.contribution_at_risk_amount,
    alerts.owner_department_code,
    alerts.on_since_date,
    alerts.is_new,
    alerts.rule_version
from {{ ref('customer_alerts') }} as alerts
inner join {{ ref('months_to_publish') }} as months on alerts.as_of_date = months.as_of_date
where
    alerts.owner_department_code = 'marketing'
    and {{ is_customer_key_rebuilt('alerts.customer_key', 'months.month_number') }}
