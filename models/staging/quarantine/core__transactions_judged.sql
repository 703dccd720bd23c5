-- Only rows that can be at fault, or that others are compared with: a hundred million others pass without being written.
-- Those of files that stay are judged again, together with what is new, where that can come out otherwise.
{% set columns = landing_columns('core', 'transactions') | map(attribute='name') | list %}
{% set kept = staged_relation('built_files') %}
{% set rejudged, restaged = ref('rejudged_transactions'), ref('restaged_transactions') %}
{% set transaction_id = landed_text('landed.transaction_id') %}
{% set reversed_id = landed_text('landed.reverses_transaction_id') %}

with accounts as (
    {{ parents(ref('core__accounts_judged'), 'account_id', ['opened_date', 'closed_date']) }}
),

files as (
    select * from {{ ref('stg_landing__transaction_files') }}
),

landed_ids as (
    select {{ text_hash(transaction_id) }} as id_hash
    from {{ transactions_to_stage() }} as landed
    {%- if kept %}
    union all
    select {{ text_hash('transaction_id') }} as id_hash
    from {{ rejudged }}
    {%- endif %}
),

repeated_ids as (
    select id_hash
    from landed_ids
    group by id_hash
    having count(*) > 1
),

reversed_ids as (
    select {{ reversed_id }} as transaction_id
    from {{ transactions_to_stage() }} as landed
    where landed.reverses_transaction_id is not null
    {%- if kept %}
    union
    select reverses_transaction_id as transaction_id
    from {{ rejudged }}
    where reverses_transaction_id is not null
    {%- else %}
    group by {{ reversed_id }}
    {%- endif %}
),

-- without its text, which would be written down with every step
alone as (
    select
        typed.landed_file,
        typed.landed_row,
        {%- for column in columns %}
        typed.{{ column }},
        {%- endfor %}
        typed.warnings,
        typed.row_rejection
    from {{ ref('core__transactions_typed') }} as typed
    inner join files on typed.landed_file = files.landed_file
    left join repeated_ids on {{ text_hash('typed.transaction_id') }} = repeated_ids.id_hash
    left join reversed_ids on typed.transaction_id = reversed_ids.transaction_id
    left join accounts on typed.account_id = accounts.account_id
    where
        files.is_kept
        or typed.row_rejection is not null
        or typed.warnings is not null
        or typed.reverses_transaction_id is not null
        or repeated_ids.id_hash is not null
        or reversed_ids.transaction_id is not null
        or coalesce(accounts.is_accepted, 0) = 0
        or cast(typed.booked_at as date) < accounts.opened_date
        or cast(typed.booked_at as date) > accounts.closed_date
    {%- if kept %}
    union all
    select
        landed_file,
        landed_row,
        {{ columns | join(',\n        ') }},
        own_warnings as warnings,
        own_rejection as row_rejection
    from {{ rejudged }}
    {%- endif %}
),

{{ deduplicated_rows('core', 'transactions', has_text=false) }},

referenced as (
    select
        deduplicated.*,
        coalesce(deduplicated.row_rejection, {{ account_rejection('deduplicated', 'accounts') }}) as account_rejection
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
        referenced.*,
        alone.row_rejection as own_rejection,
        referenced.reverses_transaction_id is not null and originals.landed_count is null as is_original_missing,
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
    inner join alone on referenced.landed_file = alone.landed_file and referenced.landed_row = alone.landed_row
    left join originals
        on
            case when referenced.account_rejection is null then referenced.reverses_transaction_id end
            = originals.transaction_id
),

texts as (
    select landed_file, landed_row, landed_text, landed_key
    from {{ ref('core__transactions_typed') }}
    {%- if kept %}
    union all
    select landed_file, landed_row, landed_text, landed_key
    from {{ rejudged }}
    where is_concerned
    {%- endif %}
)

select
    judged.landed_file,
    judged.landed_row,
    texts.landed_text,
    texts.landed_key,
    {%- for column in columns %}
    judged.{{ column }},
    {%- endfor %}
    case
        when judged.is_original_missing
            then coalesce(judged.warnings, '') || 'unlanded_original|reverses_transaction_id;'
        else judged.warnings
    end as warnings,
    judged.rejection,
    judged.warnings as own_warnings,
    judged.own_rejection
from judged
inner join texts on judged.landed_file = texts.landed_file and judged.landed_row = texts.landed_row
{%- if kept %}
union all
select
    judged.landed_file,
    judged.landed_row,
    judged.landed_text,
    judged.landed_key,
    {%- for column in columns %}
    judged.{{ column }},
    {%- endfor %}
    judged.warnings,
    judged.rejection,
    judged.own_warnings,
    judged.own_rejection
from {{ this }} as judged
inner join files on judged.landed_file = files.landed_file and files.is_kept
left join {{ restaged }} as restaged
    on judged.landed_file = restaged.landed_file and judged.landed_row = restaged.landed_row
left join {{ rejudged }} as rejudged
    on
        judged.landed_file = rejudged.landed_file
        and judged.landed_row = rejudged.landed_row
        and rejudged.is_concerned
where restaged.landed_row is null and rejudged.landed_row is null
{%- endif %}
