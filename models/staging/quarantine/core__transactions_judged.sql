-- Only rows that can be at fault, or that others are compared with: a hundred million others pass without being written.
{% set transaction_id = landed_text('landed.transaction_id') %}
{% set reversed_id = landed_text('landed.reverses_transaction_id') %}

with accounts as (
    {{ parents(ref('core__accounts_judged'), 'account_id', ['opened_date', 'closed_date']) }}
),

repeated_ids as (
    select {{ text_hash(transaction_id) }} as id_hash
    from {{ source('core', 'transactions') }} as landed
    group by {{ text_hash(transaction_id) }}
    having count(*) > 1
),

reversed_ids as (
    select distinct {{ reversed_id }} as transaction_id
    from {{ source('core', 'transactions') }} as landed
    where landed.reverses_transaction_id is not null
),

alone as (
    select typed.*
    from {{ ref('core__transactions_typed') }} as typed
    left join repeated_ids on {{ text_hash('typed.transaction_id') }} = repeated_ids.id_hash
    left join reversed_ids on typed.transaction_id = reversed_ids.transaction_id
    left join accounts on typed.account_id = accounts.account_id
    where
        typed.row_rejection is not null
        or typed.warnings is not null
        or typed.reverses_transaction_id is not null
        or repeated_ids.id_hash is not null
        or reversed_ids.transaction_id is not null
        or coalesce(accounts.is_accepted, 0) = 0
        or cast(typed.booked_at as date) < accounts.opened_date
        or cast(typed.booked_at as date) > accounts.closed_date
),

{{ deduplicated_rows('core', 'transactions') }},

referenced as (
    select
        deduplicated.*,
        coalesce(
            deduplicated.row_rejection,
            {{ orphan('accounts', 'account_id') }},
            case
                when cast(deduplicated.booked_at as date) < accounts.opened_date then 'impossible_date|booked_at'
                when cast(deduplicated.booked_at as date) > accounts.closed_date then 'impossible_date|booked_at'
            end
        ) as account_rejection
    from deduplicated
    left join accounts on deduplicated.account_id = accounts.account_id
),

originals as (
    select
        referenced.transaction_id,
        count(*) as landed_count,
        max(case when referenced.account_rejection is null then referenced.account_id end) as account_id,
        max(case when referenced.account_rejection is null then referenced.direction end) as direction,
        max(case when referenced.account_rejection is null then referenced.amount end) as amount,
        max(case when referenced.account_rejection is null then referenced.booked_at end) as booked_at,
        max(case when referenced.account_rejection is null then referenced.reverses_transaction_id end)
            as reverses_transaction_id
    from referenced
    inner join reversed_ids on referenced.transaction_id = reversed_ids.transaction_id
    where coalesce(referenced.row_rejection, '') <> 'wrong_width|'
    group by referenced.transaction_id
),

judged as (
    select
        referenced.landed_file,
        referenced.landed_row,
        referenced.landed_text,
        referenced.landed_key,
        referenced.transaction_id,
        referenced.account_id,
        referenced.booked_at,
        referenced.amount,
        referenced.direction,
        referenced.transaction_code,
        referenced.channel_code,
        referenced.counterparty_id,
        referenced.counterparty_bank_code,
        referenced.balance_after,
        referenced.reverses_transaction_id,
        referenced.loaded_at,
        case
            when referenced.reverses_transaction_id is not null and originals.landed_count is null
                then coalesce(referenced.warnings, '') || 'unlanded_original|reverses_transaction_id;'
            else referenced.warnings
        end as warnings,
        coalesce(
            referenced.account_rejection,
            case
                when referenced.reverses_transaction_id is null or originals.landed_count is null then null
                when originals.account_id is null then 'orphan|reverses_transaction_id|parent'
                when originals.account_id <> referenced.account_id
                    or originals.direction = referenced.direction
                    or originals.amount < referenced.amount
                    or originals.booked_at > referenced.booked_at
                    or originals.transaction_id = referenced.transaction_id
                    or originals.reverses_transaction_id is not null
                    then 'bad_reversal|reverses_transaction_id'
            end
        ) as rejection
    from referenced
    left join originals
        on
            case when referenced.account_rejection is null then referenced.reverses_transaction_id end
            = originals.transaction_id
)

{{ judged_result('judged', 'core', 'transactions') }}
