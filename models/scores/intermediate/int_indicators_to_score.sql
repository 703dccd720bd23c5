{{ scored_indicators(is_customer_month_end_rebuilt('features.customer_sk', 'features.as_of_date')) }}
