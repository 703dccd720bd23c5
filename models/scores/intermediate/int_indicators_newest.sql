{{ scored_indicators(
    is_in_newest_months('features.as_of_date', rule_parameter('component_months_published'))
    ~ ' and ' ~ is_customer_rebuilt('features.customer_sk', 'months.month_number')
) }}
