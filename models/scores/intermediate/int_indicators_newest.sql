{{ scored_indicators(
    'months.month_number > (select max(newest.month_number) from ' ~ ref('month_rule_versions') ~ ' as newest) - '
    ~ rule_parameter('component_months_published')
) }}
