-- Every day of the ledger, for whoever adds up measures over time.
select
    {{ days_after('months.first_date', 'numbers.day_number - 1') }} as calendar_date,
    months.as_of_date
from {{ ref('ledger_months') }} as months
cross join {{ whole_numbers('1', 'months.days_in_month') }} as numbers (day_number)
