-- depends_on: {{ ref('customer_features_monthly') }}
-- depends_on: {{ ref('customer_segments_monthly') }}
-- depends_on: {{ ref('customer_scores_monthly') }}
-- depends_on: {{ ref('customer_score_components') }}
-- depends_on: {{ ref('customer_class_changes') }}
-- depends_on: {{ ref('customer_class_change_drivers') }}
-- depends_on: {{ ref('marketing_alerts') }}
-- depends_on: {{ ref('service_alerts') }}
-- depends_on: {{ ref('risk_alerts') }}
-- depends_on: {{ ref('segment_sizes_monthly') }}
-- depends_on: {{ ref('segment_movements_monthly') }}
-- depends_on: {{ ref('customer_tags') }}
-- depends_on: {{ ref('tag_health_monthly') }}
-- depends_on: {{ ref('balance_reconciliation_monthly') }}
-- depends_on: {{ ref('segment_evaluation_monthly') }}
-- The months of the last complete build and the facts that they were made from. It is written last: a build that
-- broke off leaves the old list, and the next build makes the same months again.
select
    as_of_date,
    month_number,
    fingerprint,
    shared_fingerprint
from {{ ref('month_fingerprints') }}
