{{ scored_indicators(
    is_in_newest_months('features.as_of_date', rule_parameter('component_months_published'))
    ~ ' and ' ~ is_customer_month_end_rebuilt('features.customer_sk', 'features.as_of_date'),
    with_weights=true
) }}
