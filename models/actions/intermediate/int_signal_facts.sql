-- What a warning signal may look at beside the features. Without its base a number is unknown.
with complaints as (
    select
        contacts.customer_sk,
        months.as_of_date,
        count(*) as complaint_count
    from {{ ref('stg_crm__interactions') }} as contacts
    inner join {{ ref('ledger_months') }} as months on cast(contacts.occurred_at as date) <= months.as_of_date
    where contacts.interaction_type_code = 'complaint' and coalesce(contacts.outcome_code, 'open') = 'open'
    group by contacts.customer_sk, months.as_of_date
)

select
    history.customer_sk,
    history.as_of_date,
    history.month_number,
    versions.rule_version,
    history.previous_month_end_balance,
    {{ ratio('features.month_end_balance', 'features.adb_3m') }} as balance_to_average_ratio,
    {{ ratio('features.largest_outflow_1m', 'history.previous_month_end_balance') }} as largest_outflow_ratio,
    {{ ratio('features.outflow_other_bank_3m', 'features.adb_prior_3m') }} as other_bank_outflow_ratio,
    terms.uninstructed_due_amount,
    maturities.matured_7d_amount as matured_amount,
    {{ ratio('(maturities.matured_7d_amount - maturities.rolled_7d_amount)', 'maturities.matured_7d_amount') }}
        as matured_not_rolled_ratio,
    {{ ratio('features.customer_txn_count_3m', 'features.customer_txn_prior_3m') }} as activity_ratio,
    activities.inactivity_days,
    {{ ratio('activities.inactivity_days', 'features.mean_activity_gap_days') }} as silence_ratio,
    history.digital_txn_count_3m,
    history.digital_txn_count_12m,
    {{ ratio('features.balance_cv_6m', 'history.balance_cv_before') }} as volatility_ratio,
    {{ ratio('features.month_min_balance', 'loans.monthly_instalment_amount') }} as instalment_cover_ratio,
    case when activities.computed_activity_state_code = 'reactivated' then 1 else 0 end as is_reactivated,
    case when tiers.tier_status_code = 'watch' then 1 else 0 end as is_tier_on_watch,
    case when {{ is_landed('crm', 'interactions') }} then coalesce(complaints.complaint_count, 0) end
        as open_complaint_count,
    regions.unemployment_rise as region_unemployment_rise,
    regions.wage_growth as region_wage_growth,
    contributions.deposit_rate_gap
from {{ ref('customer_features') }} as features
inner join {{ ref('int_signal_history') }} as history
    on features.customer_sk = history.customer_sk and features.as_of_date = history.as_of_date
inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
inner join {{ ref('customer_activity_states') }} as activities
    on features.customer_sk = activities.customer_sk and features.as_of_date = activities.as_of_date
inner join {{ ref('customer_value_tiers') }} as tiers
    on features.customer_sk = tiers.customer_sk and features.as_of_date = tiers.as_of_date
inner join {{ ref('contribution_months') }} as contributions
    on features.customer_sk = contributions.customer_sk and features.as_of_date = contributions.as_of_date
left join {{ ref('term_months') }} as terms
    on features.customer_sk = terms.customer_sk and features.as_of_date = terms.as_of_date
left join {{ ref('maturity_months') }} as maturities
    on features.customer_sk = maturities.customer_sk and features.as_of_date = maturities.as_of_date
left join {{ ref('loan_months') }} as loans
    on features.customer_sk = loans.customer_sk and features.as_of_date = loans.as_of_date
left join complaints on features.customer_sk = complaints.customer_sk and features.as_of_date = complaints.as_of_date
left join {{ ref('int_region_shocks') }} as regions
    on features.region_code = regions.region_code and features.as_of_date = regions.as_of_date
