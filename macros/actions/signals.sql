{#- What a warning signal may ask about beside the features: numbers that int_signal_facts adds. -#}
{% macro signal_fact_names() %}
    {{ return([
        'previous_month_end_balance', 'balance_to_average_ratio', 'largest_outflow_ratio', 'other_bank_outflow_ratio',
        'uninstructed_due_amount', 'matured_amount', 'matured_not_rolled_ratio', 'activity_ratio', 'inactivity_days',
        'silence_ratio', 'digital_txn_count_3m', 'digital_txn_count_12m', 'volatility_ratio', 'instalment_cover_ratio',
        'is_reactivated', 'is_tier_on_watch', 'open_complaint_count', 'region_unemployment_rise', 'region_wage_growth',
        'deposit_rate_gap',
    ]) }}
{% endmacro %}


{#- All numbers that a signal may name: name → SQL over the features and the facts. -#}
{% macro signal_numbers(features, facts) %}
    {% set numbers = customer_feature_numbers(features) %}
    {% for name in signal_fact_names() %}
        {% do numbers.update({name: 'cast(' ~ facts ~ '.' ~ name ~ ' as ' ~ type_double() ~ ')'}) %}
    {% endfor %}
    {{ return(numbers) }}
{% endmacro %}


{#-
    A number as it stands in the sentence of a signal: scaled (100 turns a share into per cent) and without decimals.
    Null in, null out.
-#}
{% macro evidence_number(value, scale) -%}
    cast(cast(round(cast({{ value }} * {{ scale }} as decimal(24, 3)), 0) as decimal(21, 0)) as {{ dbt.type_string() }})
{%- endmacro %}
