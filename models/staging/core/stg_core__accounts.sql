select
    accounts.account_sk,
    accounts.account_key,
    accounts.product_code,
    products.product_kind,
    accounts.currency_code,
    accounts.opened_date,
    accounts.closed_date,
    accounts.term_months,
    accounts.maturity_date,
    accounts.interest_rate,
    accounts.auto_renew as is_auto_renewed,
    cast(coalesce(accounts.opening_balance, 0) as decimal(18, 2)) as opening_balance_amount,
    accounts.opening_channel_code
from {{ ref('account_numbers') }} as accounts
inner join {{ ref('product_codes') }} as products on accounts.product_code = products.product_code
