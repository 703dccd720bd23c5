{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

{%- set themes = {
    'balances': ref('feat_customers__balances'),
    'terms': ref('feat_customers__term'),
    'activity': ref('feat_customers__activity'),
    'last_activities': ref('int_last_activities'),
    'salaries': ref('feat_customers__salary'),
    'relations': ref('feat_customers__relationship'),
    'risks': ref('feat_customers__risk'),
    'basics': ref('feat_customers__basics'),
} %}

-- Everything that is known of a customer on a month-end: the one table that segments, scores and actions read.
with customer_months as (
    select * from {{ ref('customer_months') }}
    where {{ is_rebuilt('as_of_date') }} and {{ is_customer_rebuilt('customer_sk', month_number('as_of_date')) }}
)

{%- for theme, relation in themes.items() %},

{{ theme }} as (
    select * from {{ relation }}
    where {{ is_rebuilt('as_of_date') }} and {{ is_customer_rebuilt('customer_sk', month_number('as_of_date')) }}
)
{%- endfor %}

select
    customer_months.customer_sk,
    customer_months.as_of_date,
    basics.customer_type_code,
    customer_months.month_end_balance,
    customer_months.month_min_balance,
    customer_months.net_flow_1m,
    customer_months.adb_1m,
    balances.adb_3m,
    balances.adb_12m,
    customer_months.market_value,
    customer_months.aum_1m,
    customer_months.is_aum_deposits_only,
    customer_months.valuation_change_1m,
    balances.balance_trend_6m,
    balances.drawdown_12m,
    balances.balance_cv_6m,
    balances.core_balance_12m,
    balances.largest_deposit_12m,
    balances.cumulative_deposit_12m,
    customer_months.open_account_count,
    terms.term_adb_1m,
    terms.term_share,
    terms.weighted_months_to_maturity,
    terms.term_due_30d_amount,
    terms.term_due_90d_amount,
    terms.term_due_180d_amount,
    terms.term_due_365d_amount,
    terms.term_due_over_365d_amount,
    terms.matured_amount_12m,
    terms.rollover_rate_12m,
    terms.retained_after_maturity_12m,
    activity.customer_txn_count_1m,
    activity.customer_txn_count_3m,
    activity.customer_txn_count_12m,
    activity.active_months_12m,
    cast({{ days_between('last_activities.last_activity_date', 'customer_months.as_of_date') }} as integer)
        as days_since_activity,
    activity.inflow_amount_1m,
    activity.outflow_amount_1m,
    activity.inflow_amount_12m,
    activity.outflow_amount_12m,
    activity.counter_share_12m,
    activity.self_service_share_12m,
    activity.online_share_12m,
    activity.mobile_share_12m,
    activity.digital_share_12m,
    activity.preferred_channel_code,
    activity.outflow_other_bank_3m,
    salaries.has_salary_inflow,
    salaries.salary_amount,
    salaries.is_salary_stopped,
    relations.contribution_12m,
    risks.loan_outstanding,
    risks.max_dpd_12m,
    risks.overdue_months_12m,
    risks.npl_share,
    risks.credit_rating_code,
    balances.overdraft_months_12m,
    risks.risk_level_code,
    risks.risk_preference_code,
    risks.risk_tolerance_score,
    risks.risk_awareness_score,
    risks.implied_risk_level,
    risks.is_risk_profile_conflict,
    basics.age_years,
    basics.age_band_code,
    basics.gender_code,
    basics.occupation_code,
    basics.occupation_stability_code,
    basics.education_code,
    basics.life_stage_code,
    basics.tenure_months,
    basics.industry_code,
    basics.enterprise_size_code,
    basics.region_code,
    basics.region_income_level_code,
    relations.product_line_count,
    relations.primacy_score,
    salaries.income_level_amount,
    salaries.income_growth_12m,
    activity.deposit_digital_share_12m,
    activity.preferred_deposit_channel_code,
    activity.deposit_months_12m,
    activity.deposit_rhythm_code,
    customer_months.largest_deposit_1m,
    customer_months.deposit_amount_1m,
    balances.adb_peak_12m,
    balances.adb_prior_3m,
    activity.customer_txn_prior_3m,
    last_activities.last_activity_date,
    activity.first_activity_date_12m,
    activity.active_days_12m,
    activity.mean_activity_gap_days,
    activity.customer_txn_per_month_12m,
    activity.standing_payment_per_month_12m,
    activity.loan_instalment_count_12m,
    activity.card_payment_count_12m,
    activity.outflow_inflow_ratio_12m,
    {{ ratio('activity.outflow_amount_12m', 'balances.adb_12m') }} as outflow_turnover_12m,
    activity.inflow_growth_12m,
    balances.market_value_share,
    risks.has_loan,
    risks.days_past_due,
    risks.worst_five_class,
    basics.annual_revenue_amount,
    basics.employee_count,
    basics.marital_status_code,
    basics.dependents_count,
    basics.first_opened_date,
    basics.customer_since_date,
    basics.branch_id,
    basics.region_average_wage_amount,
    basics.region_unemployment_rate,
    basics.region_gdp_per_capita_amount,
    relations.is_card_held,
    terms.matured_30d_amount_3m,
    terms.retained_30d_amount_3m,
    activity.deposit_count_12m,
    relations.contribution_1m,
    terms.term_next_maturity_date,
    activity.penalty_interest_count_3m,
    activity.largest_outflow_1m
from customer_months
inner join balances
    on
        customer_months.customer_sk = balances.customer_sk
        and customer_months.as_of_date = balances.as_of_date
inner join terms on customer_months.customer_sk = terms.customer_sk and customer_months.as_of_date = terms.as_of_date
inner join activity
    on
        customer_months.customer_sk = activity.customer_sk
        and customer_months.as_of_date = activity.as_of_date
inner join last_activities
    on
        customer_months.customer_sk = last_activities.customer_sk
        and customer_months.as_of_date = last_activities.as_of_date
inner join salaries
    on
        customer_months.customer_sk = salaries.customer_sk
        and customer_months.as_of_date = salaries.as_of_date
inner join relations
    on
        customer_months.customer_sk = relations.customer_sk
        and customer_months.as_of_date = relations.as_of_date
inner join risks on customer_months.customer_sk = risks.customer_sk and customer_months.as_of_date = risks.as_of_date
inner join basics on customer_months.customer_sk = basics.customer_sk and customer_months.as_of_date = basics.as_of_date
