{{ scored_indicators('months.month_number >= ' ~ first_rebuilt_month()) }}
