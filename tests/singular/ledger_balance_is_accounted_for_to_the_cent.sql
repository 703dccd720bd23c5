-- Each customer's balance is rounded once, by half a cent at most, and so are the three totals it is compared with.
select
    as_of_date,
    customer_count,
    rounding_difference
from {{ ref('balance_reconciliation_monthly') }}
where
    abs(rounding_difference) > 0.005 * (customer_count + 3)
    or rounding_difference <> ledger_balance - unallocated_balance - unpublished_balance - published_balance
