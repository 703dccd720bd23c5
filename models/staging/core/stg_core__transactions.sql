{{ config(materialized='incremental', incremental_strategy='restage_files', on_schema_change='fail') }}

-- Accepted transactions. The `effective_` columns say what a row counts as for activity, amounts and channels:
-- a reversal booked in a later month counts against its original (sign -1, the original's categories), an
-- original and its reversal inside one month count for nothing (sign 0). Balances take signed_amount as it is.
{%- set columns = [
    'landed_file', 'landed_row', 'transaction_id', 'account_id', 'booked_at', 'amount', 'direction', 'transaction_code',
    'channel_code', 'counterparty_id', 'counterparty_bank_code', 'balance_after', 'reverses_transaction_id',
] %}

with judged as (
    select
        *,
        {{ month_number('booked_at') }} as month_number
    from {{ ref('core__transactions_judged') }}
),

-- what wasn't judged stands
transactions as (
    select
        {{ columns | join(',\n        ') }}
    from {{ ref('core__transactions_typed') }} as typed
    where
        not exists (
            select judged.landed_row
            from judged
            where judged.landed_file = typed.landed_file and judged.landed_row = typed.landed_row
        )
    union all
    select
        {{ columns | join(',\n        ') }}
    from judged
    where rejection is null
),

-- A reversal of the whole amount cancels, the first one; a partial or a second one cancels nothing.
cancelling as (
    select
        originals.transaction_id,
        reversals.transaction_id as reversal_id,
        originals.month_number = reversals.month_number as is_same_month,
        originals.direction,
        originals.transaction_code,
        originals.channel_code,
        originals.counterparty_id,
        originals.counterparty_bank_code,
        row_number() over (
            partition by originals.transaction_id
            order by reversals.booked_at, {{ by_bytes('reversals.transaction_id') }}
        ) as reversal_number
    from judged as reversals
    inner join judged as originals
        on reversals.reverses_transaction_id = originals.transaction_id and reversals.amount = originals.amount
    where reversals.rejection is null and originals.rejection is null
),

cancelled as (
    select * from cancelling where reversal_number = 1
),

accepted as (
    select
        transactions.landed_file,
        transactions.landed_row,
        accounts.account_sk,
        cast(transactions.booked_at as date) as booked_date,
        {{ month_end('transactions.booked_at') }} as as_of_date,
        transactions.amount,
        cast(
            case transactions.direction when 'credit' then transactions.amount else -transactions.amount end
            as decimal(18, 2)
        ) as signed_amount,
        transactions.balance_after,
        case
            when originals.is_same_month or reversed.is_same_month then 0
            when reversed.reversal_id is not null then -1
            else 1
        end as effective_sign,
        coalesce(reversed.direction, transactions.direction) as effective_direction,
        coalesce(reversed.transaction_code, transactions.transaction_code) as effective_transaction_code,
        -- a reversal that cancels nothing is the bank's own booking, whatever its code says
        case
            when transactions.reverses_transaction_id is not null and reversed.reversal_id is null then 'system'
            else codes.initiator
        end as effective_initiator,
        case when reversed.reversal_id is null then transactions.channel_code else reversed.channel_code end
            as effective_channel_code,
        case
            when reversed.reversal_id is null then transactions.counterparty_bank_code
            else reversed.counterparty_bank_code
        end as effective_counterparty_bank_code,
        transactions.transaction_code,
        -- who pays regularly matters for incoming money alone, and a hash a row is dear
        case
            when codes.initiator = 'third_party' and coalesce(reversed.direction, transactions.direction) = 'credit'
                then
                    {{ surrogate_key(keyed_hash(
                        'case when reversed.reversal_id is null then transactions.counterparty_id'
                        ~ ' else reversed.counterparty_id end'
                    )) }}
        end as payer_sk
    from transactions
    inner join {{ ref('account_numbers') }} as accounts on transactions.account_id = accounts.account_id
    left join cancelled as originals on transactions.transaction_id = originals.transaction_id
    left join cancelled as reversed on transactions.transaction_id = reversed.reversal_id
    inner join {{ ref('transaction_codes') }} as codes
        on coalesce(reversed.transaction_code, transactions.transaction_code) = codes.transaction_code
)

-- Fingerprinted once: every build sums up those of all transactions to find what has changed. Only columns that a month
-- is made of: what nothing reads makes no month again.
select
    *,
    {{ row_fingerprint([
        'account_sk', 'booked_date', 'signed_amount', 'balance_after', 'effective_sign', 'effective_direction',
        'effective_transaction_code', 'effective_initiator', 'effective_channel_code',
        'effective_counterparty_bank_code', 'payer_sk',
    ]) }} as fingerprint
from accepted
