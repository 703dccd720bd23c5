{{ config(group='segments') }}

{% set tables = [
    'account_months', 'customer_months', 'feat_customers__balances', 'feat_customers__basics',
    'int_value_tier_boundaries', 'int_value_tier_clocks',
    'int_activity_signals', 'int_activity_states', 'customer_activity_states', 'int_need_scores', 'customer_needs',
    'customer_deposit_stability', 'customer_tag_events',
    'customer_features_monthly', 'customer_segments_monthly', 'segment_sizes_monthly', 'segment_movements_monthly',
    'tag_health_monthly',
] %}

with ledger as (
    select
        min(as_of_date) as first_as_of_date,
        max(as_of_date) as last_as_of_date
    from {{ ref('ledger_months') }}
),

found as (
    {%- for table in tables %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ table }}' as table_name,
        min(as_of_date) as first_as_of_date,
        max(as_of_date) as last_as_of_date
    from {{ ref(table) }}
    {%- endfor %}
)

select
    found.table_name,
    found.first_as_of_date,
    found.last_as_of_date
from found
cross join ledger
where
    found.first_as_of_date < ledger.first_as_of_date
    or found.last_as_of_date > ledger.last_as_of_date
