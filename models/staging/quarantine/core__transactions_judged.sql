{% set impossible_dates = [{'column': 'booked_at', 'condition': 'booked_at > loaded_at'}] %}

with {{ judged_rows(
    'core', 'transactions', codes=ref('canonical_codes'), impossible_dates=impossible_dates
) }},

accounts as (
    {{ parents(ref('core__accounts_judged'), 'account_id', ['opened_date', 'closed_date']) }}
),

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

-- Few rows are reversals: everything about them joins from this small side.
reversed_ids as (
    select distinct reverses_transaction_id as transaction_id
    from referenced
    where account_rejection is null and reverses_transaction_id is not null
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
