-- Accepted transactions. The `effective_` columns say what a row counts as for activity, amounts and channels:
-- a reversal booked in a later month counts against its original (sign -1, the original's categories), an
-- original and its reversal inside one month count for nothing (sign 0). Balances take signed_amount as it is.
with transactions as (
    select
        *,
        cast(booked_at as date) as booked_date,
        {{ month_number('booked_at') }} as month_number
    from {{ ref('core__transactions_judged') }}
    where rejection is null
),

-- The first reversal of a transaction cancels it; a second one cancels nothing.
reversals as (
    select *
    from (
        select
            transaction_id,
            reverses_transaction_id,
            month_number,
            row_number() over (
                partition by reverses_transaction_id
                order by booked_at, {{ by_bytes('transaction_id') }}
            ) as reversal_number
        from transactions
        where reverses_transaction_id is not null
    ) as numbered
    where reversal_number = 1
),

-- Both sides of a cancellation: few rows, joined to the many.
cancelled as (
    select
        originals.transaction_id,
        reversals.transaction_id as reversal_id,
        reversals.month_number as reversal_month_number,
        originals.month_number,
        originals.direction,
        originals.transaction_code,
        originals.channel_code,
        originals.counterparty_id,
        originals.counterparty_bank_code
    from transactions as originals
    inner join reversals on originals.transaction_id = reversals.reverses_transaction_id
)

select
    accounts.account_sk,
    transactions.booked_date,
    {{ month_end('transactions.booked_at') }} as as_of_date,
    transactions.amount,
    cast(
        case transactions.direction when 'credit' then transactions.amount else -transactions.amount end
        as decimal(18, 2)
    ) as signed_amount,
    transactions.balance_after,
    case
        when originals.month_number = originals.reversal_month_number then 0
        when reversed.transaction_id is null then 1
        when reversed.month_number = reversed.reversal_month_number then 0
        else -1
    end as effective_sign,
    case when reversed.transaction_id is null then transactions.direction else reversed.direction end
        as effective_direction,
    case when reversed.transaction_id is null then transactions.transaction_code else reversed.transaction_code end
        as effective_transaction_code,
    case when reversed.transaction_id is null then transactions.channel_code else reversed.channel_code end
        as effective_channel_code,
    case
        when reversed.transaction_id is null then transactions.counterparty_bank_code
        else reversed.counterparty_bank_code
    end as effective_counterparty_bank_code,
    transactions.transaction_code,
    {{ keyed_hash('transactions.counterparty_id') }} as counterparty_key
from transactions
inner join {{ ref('account_numbers') }} as accounts on transactions.account_id = accounts.account_id
left join cancelled as originals on transactions.transaction_id = originals.transaction_id
left join cancelled as reversed on transactions.transaction_id = reversed.reversal_id
