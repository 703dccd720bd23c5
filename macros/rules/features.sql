{#-
    What a rule may ask about: the columns of customer_features by their kind. Dates are no features. A test compares
    the lists with the seed feature_catalogue.
-#}
{% macro customer_feature_names(kind) %}
    {% set names = {
        'number': [
            'month_end_balance', 'month_min_balance', 'net_flow_1m', 'adb_1m', 'adb_3m', 'adb_12m', 'market_value', 'aum_1m',
            'valuation_change_1m', 'balance_trend_6m', 'drawdown_12m', 'balance_cv_6m', 'core_balance_12m',
            'largest_deposit_1m', 'largest_deposit_12m', 'deposit_amount_1m', 'cumulative_deposit_12m', 'deposit_count_12m',
            'open_account_count', 'adb_peak_12m', 'adb_prior_3m',
            'term_adb_1m', 'term_share', 'weighted_months_to_maturity', 'term_due_30d_amount', 'term_due_90d_amount',
            'term_due_180d_amount', 'term_due_365d_amount', 'term_due_over_365d_amount', 'matured_amount_12m',
            'rollover_rate_12m', 'retained_after_maturity_12m', 'matured_30d_amount_3m', 'retained_30d_amount_3m',
            'penalty_interest_count_3m',
            'customer_txn_count_1m', 'customer_txn_count_3m', 'customer_txn_count_12m', 'customer_txn_prior_3m',
            'customer_txn_per_month_12m', 'active_months_12m', 'active_days_12m', 'mean_activity_gap_days',
            'days_since_activity', 'inflow_amount_1m', 'outflow_amount_1m', 'inflow_amount_12m', 'outflow_amount_12m',
            'outflow_inflow_ratio_12m', 'outflow_turnover_12m', 'inflow_growth_12m', 'outflow_other_bank_3m',
            'largest_outflow_1m', 'standing_payment_per_month_12m', 'loan_instalment_count_12m', 'card_payment_count_12m',
            'counter_share_12m', 'self_service_share_12m', 'online_share_12m', 'mobile_share_12m', 'digital_share_12m',
            'deposit_digital_share_12m', 'deposit_months_12m', 'salary_amount', 'contribution_1m', 'contribution_12m',
            'loan_outstanding', 'max_dpd_12m', 'overdue_months_12m', 'npl_share', 'days_past_due', 'worst_five_class',
            'overdraft_months_12m', 'risk_tolerance_score', 'risk_awareness_score', 'implied_risk_level',
            'market_value_share', 'age_years', 'dependents_count', 'tenure_months', 'product_line_count', 'primacy_score',
            'income_level_amount', 'income_growth_12m', 'annual_revenue_amount', 'employee_count',
            'region_average_wage_amount', 'region_unemployment_rate', 'region_gdp_per_capita_amount',
        ],
        'flag': [
            'is_aum_deposits_only', 'has_salary_inflow', 'is_salary_stopped', 'has_loan', 'is_card_held',
            'is_risk_profile_conflict',
        ],
        'code': [
            'customer_type_code', 'preferred_channel_code', 'preferred_deposit_channel_code', 'deposit_rhythm_code',
            'credit_rating_code', 'risk_level_code', 'risk_preference_code', 'age_band_code', 'gender_code',
            'occupation_code', 'occupation_stability_code', 'education_code', 'marital_status_code', 'life_stage_code',
            'industry_code', 'enterprise_size_code', 'region_code', 'region_income_level_code', 'branch_id',
        ],
    } %}
    {{ return(names[kind]) }}
{% endmacro %}


{#- Numbers and flags (0 or 1) of customer_features, as a dictionary: name of the feature → SQL, a double. -#}
{% macro customer_feature_numbers(relation) %}
    {% set numbers = {} %}
    {% for name in customer_feature_names('number') %}
        {% do numbers.update({name: 'cast(' ~ relation ~ '.' ~ name ~ ' as ' ~ type_double() ~ ')'}) %}
    {% endfor %}
    {% for name in customer_feature_names('flag') %}
        {% do numbers.update({name: 'cast(cast(' ~ relation ~ '.' ~ name ~ ' as integer) as ' ~ type_double() ~ ')'}) %}
    {% endfor %}
    {{ return(numbers) }}
{% endmacro %}


{#- Select list of features under their own names. Arguments: features (dictionary: name → SQL). -#}
{% macro named_features(features) -%}
    {%- for name, expression in features.items() -%}
    {{ expression }} as {{ name }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    The value of the feature that a rule names: one of the columns that bear the features' names. Null when the name is no
    feature, so that a misspelt name matches nobody.

    Arguments: feature (SQL of the name), names (list).

    Nuance: meant for a cross join of many customers and few rules, whose rows DuckDB holds as constants: a name is then
    compared once per 2,048 customers.
-#}
{% macro feature_value(feature, names) -%}
    case {{ feature }}
        {%- for name in names %} when '{{ name }}' then {{ name }}{% endfor %}
    end
{%- endmacro %}


{#-
    The same for many features and many rules, where each name would be compared with a hundred others again and again:
    the features stand in one column, values_in_order(), and a rule knows the place of its feature there.

    Arguments: feature (SQL of the name), names (of the features, in their order).
-#}
{% macro place_of_feature(feature, names) -%}
    case {{ feature }}
        {%- for name in names %} when '{{ name }}' then {{ loop.index }}{% endfor %}
    end
{%- endmacro %}
