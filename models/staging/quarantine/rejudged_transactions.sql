-- What the last build judged of files that stay and has to be judged again with what is new, as that can come out
-- otherwise: rows and reversals of numbers that came or went, rows of accounts that are judged otherwise. Those that
-- they are compared with lie beside them. Nothing, where nothing is kept.
{%- set columns = landing_columns('core', 'transactions') | map(attribute='name') | list %}
{%- set typed, files = ref('core__transactions_typed'), ref('stg_landing__transaction_files') %}
{%- set judged, restaged = existing_model('core__transactions_judged'), ref('restaged_transactions') %}
{%- set accounts = ref('core__accounts_judged') %}
{%- set numbers = ['transaction_id', 'reverses_transaction_id'] %}

{%- if staged_relation('built_files') %}
with accounts as (
    {{ parents(accounts, 'account_id', ['opened_date', 'closed_date']) }}
),

kept as (
    select judged.*
    from {{ judged }} as judged
    inner join {{ files }} as files on judged.landed_file = files.landed_file and files.is_kept
    left join {{ restaged }} as restaged
        on judged.landed_file = restaged.landed_file and judged.landed_row = restaged.landed_row
    where restaged.landed_row is null
),

-- by their hashes: one that two numbers share has a row too many judged again
concerned_ids as (
    {%- for number in numbers %}
    {{ 'union all' if not loop.first }}
    select {{ text_hash(landed_text('landed.' ~ number)) }} as id_hash
    from {{ transactions_to_stage() }} as landed
    where {{ landed_text('landed.' ~ number) }} is not null
    union all
    select {{ text_hash('gone.' ~ number) }} as id_hash
    from {{ judged }} as gone
    where
        gone.{{ number }} is not null
        and gone.landed_file not in (select kept.landed_file from {{ files }} as kept where kept.is_kept)
    {%- endfor %}
    union all
    select {{ text_hash('kept.transaction_id') }} as id_hash
    from kept
    left join accounts on kept.account_id = accounts.account_id
    where
        kept.own_rejection is null
        and coalesce({{ account_rejection('kept', 'accounts') }}, '')
        <> case
            when kept.rejection is null or kept.rejection like '%|reverses_transaction_id%' then ''
            when kept.rejection like 'orphan|%' or kept.rejection like 'impossible_date|%' then kept.rejection
            -- else null: one that is rejected for what comes before its account
        end
),

flagged as (
    select
        kept.*,
        coalesce(
            {%- for number in numbers %}
            {{ 'or ' if not loop.first }}{{ text_hash('kept.' ~ number) }} in (
                select concerned_ids.id_hash from concerned_ids
            )
            {%- endfor %}, false
        ) as is_concerned
    from kept
),

compared_ids as (
    {%- for number in numbers %}
    {{ 'union all' if not loop.first }}
    select {{ text_hash(number) }} as id_hash
    from flagged
    where is_concerned and {{ number }} is not null
    {%- endfor %}
)

select
    landed_file,
    landed_row,
    landed_text,
    landed_key,
    {{ columns | join(',\n    ') }},
    own_warnings,
    own_rejection,
    is_concerned
from flagged
where {{ text_hash('transaction_id') }} in (select compared_ids.id_hash from compared_ids)
{%- else %}
select
    landed_file,
    landed_row,
    landed_text,
    landed_key,
    {{ columns | join(',\n    ') }},
    warnings as own_warnings,
    row_rejection as own_rejection,
    false as is_concerned
from {{ typed }}
where false
{%- endif %}
