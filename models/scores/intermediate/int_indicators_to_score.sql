{{ scored_indicators(is_customer_rebuilt('features.customer_sk', 'months.month_number')) }}
