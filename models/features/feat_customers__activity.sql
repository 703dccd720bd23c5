{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- What a customer does: transactions of its own making, channels, deposits, flows. Sums of published months, floored
-- at 0: a contra entry may outweigh what is left of its window.
{% set channel_groups = ['counter', 'mobile', 'online', 'self_service'] %}
{% set measures = {
    'customer_count_3m': trailing('sum', 'customer_count_1m', 2, is_floored=true),
    'customer_count_prior_3m': trailing('sum', 'customer_count_1m', 5, 3, is_floored=true),
    'penalty_interest_count_3m': trailing('sum', 'penalty_interest_count_1m', 2, is_floored=true),
    'active_months_12m': trailing('sum', 'case when active_day_set > 0 then 1 else 0 end', 11),
    'active_days_12m': trailing('sum', 'active_day_count', 11),
    'first_activity_date_12m': trailing('min', 'first_activity_date', 11),
    'last_activity_date_12m': trailing('max', 'last_activity_date', 11),
    'deposit_months_12m': trailing('sum', 'case when has_deposit then 1 else 0 end', 11),
    'unknown_count_12m': trailing('sum', 'case when inflow_amount_1m is null then 1 else 0 end', 11),
    'unknown_count_3m': trailing('sum', 'case when inflow_amount_1m is null then 1 else 0 end', 2),
    'unknown_count_prior_12m': trailing('sum', 'case when inflow_amount_1m is null then 1 else 0 end', 23, 12),
    'row_count_a_year_ago': trailing('count', 'month_number', 12, 12),
    'inflow_sum_12m': trailing('sum', 'inflow_amount_1m', 11, is_floored=true),
    'outflow_sum_12m': trailing('sum', 'outflow_amount_1m', 11, is_floored=true),
    'outflow_other_bank_sum_3m': trailing('sum', 'outflow_other_bank_1m', 2, is_floored=true),
    'inflow_sum_prior_12m': trailing('sum', 'inflow_amount_1m', 23, 12, is_floored=true),
} %}
{% for name in [
    'customer', 'counter', 'mobile', 'online', 'self_service', 'deposit', 'deposit_counter', 'deposit_mobile',
    'deposit_online', 'deposit_self_service', 'standing_payment', 'loan_instalment', 'card_payment',
] %}
{%- do measures.update({name ~ '_count_12m': trailing('sum', name ~ '_count_1m', 11, is_floored=true)}) %}
{%- endfor %}

with customer_months as {{ not_materialized() }} (
    select
        customer_months.*,
        months.month_number,
        months.ledger_month_count,
        {{ count_days('customer_months.active_day_set') }} as active_day_count
    from {{ ref('customer_months') }} as customer_months
    inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
    where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number', 23) }}
),

{{ trailing_months('customer_months', measures) }},

measured as (
    select
        summed.*,
        present.as_of_date,
        present.ledger_month_count,
        present.customer_count_1m,
        present.inflow_amount_1m,
        present.outflow_amount_1m,
        present.largest_outflow_1m,
        least(12, present.ledger_month_count) as month_count,
        {%- for prefix in ['', 'deposit_'] %}
        greatest(
            {%- for group in channel_groups %}
            {{ prefix }}{{ group }}_count_12m{{ ',' if not loop.last }}
            {%- endfor %}
        ) as {{ prefix }}channel_count_12m,
        {%- endfor %}
        case when summed.unknown_count_12m = 0 then {{ published_sum('summed.inflow_sum_12m') }} end
            as inflow_amount_12m,
        case when summed.unknown_count_12m = 0 then {{ published_sum('summed.outflow_sum_12m') }} end
            as outflow_amount_12m
    from summed
    inner join present on summed.customer_sk = present.customer_sk and summed.month_number = present.month_number
),

final as (
    select
        measured.*,
        rhythms.deposit_rhythm_code
    from measured
    inner join {{ ref('deposit_rhythms') }} as rhythms
        on measured.deposit_months_12m >= rhythms.min_value and measured.deposit_months_12m < rhythms.below_value
)

select
    customer_sk,
    as_of_date,
    customer_count_1m as customer_txn_count_1m,
    cast(customer_count_3m as integer) as customer_txn_count_3m,
    cast(customer_count_12m as integer) as customer_txn_count_12m,
    case when ledger_month_count >= 6 then cast(coalesce(customer_count_prior_3m, 0) as integer) end
        as customer_txn_prior_3m,
    {{ ratio('customer_count_12m', 'month_count') }} as customer_txn_per_month_12m,
    cast(active_months_12m as integer) as active_months_12m,
    cast(active_days_12m as integer) as active_days_12m,
    first_activity_date_12m,
    {{ ratio(days_between('first_activity_date_12m', 'last_activity_date_12m'), 'active_days_12m - 1') }}
        as mean_activity_gap_days,
    inflow_amount_1m,
    outflow_amount_1m,
    largest_outflow_1m,
    inflow_amount_12m,
    outflow_amount_12m,
    {{ ratio('outflow_amount_12m', 'inflow_amount_12m') }} as outflow_inflow_ratio_12m,
    case
        when ledger_month_count >= 24 and row_count_a_year_ago = 1 and unknown_count_prior_12m = 0
            then {{ ratio('inflow_amount_12m - inflow_sum_prior_12m', 'inflow_sum_prior_12m') }}
    end as inflow_growth_12m,
    {%- for group in channel_groups %}
    {{ ratio(group ~ '_count_12m', 'customer_count_12m') }} as {{ group }}_share_12m,
    {%- endfor %}
    cast(online_count_12m + mobile_count_12m as integer) as digital_count_12m,
    {{ ratio('online_count_12m + mobile_count_12m', 'customer_count_12m') }} as digital_share_12m,
    {%- for prefix in ['', 'deposit_'] %}
    case
        when {{ prefix }}channel_count_12m = 0 then null
        {%- for group in channel_groups %}
        when {{ prefix }}{{ group }}_count_12m = {{ prefix }}channel_count_12m then '{{ group }}'
        {%- endfor %}
    end as preferred_{{ prefix }}channel_code,
    {%- endfor %}
    cast(deposit_count_12m as integer) as deposit_count_12m,
    {{ ratio('deposit_online_count_12m + deposit_mobile_count_12m', 'deposit_count_12m') }}
        as deposit_digital_share_12m,
    cast(deposit_months_12m as integer) as deposit_months_12m,
    deposit_rhythm_code,
    case when unknown_count_3m = 0 then {{ published_sum('outflow_other_bank_sum_3m') }} end as outflow_other_bank_3m,
    cast(standing_payment_count_12m as integer) as standing_payment_count_12m,
    {{ ratio('standing_payment_count_12m', 'month_count') }} as standing_payment_per_month_12m,
    cast(loan_instalment_count_12m as integer) as loan_instalment_count_12m,
    cast(card_payment_count_12m as integer) as card_payment_count_12m,
    cast(penalty_interest_count_3m as integer) as penalty_interest_count_3m
from final
