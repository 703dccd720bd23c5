-- The rows of files that stay which have to be read again: of transactions that the files to stage land or reverse, and
-- staged ones that now lie outside the life of their account, where that has changed. Nothing, where nothing is kept.
{%- set transactions, files = source('core', 'transactions'), ref('stg_landing__transaction_files') %}
{%- set accounts, staged = ref('account_numbers'), existing_model('stg_core__transactions') %}
{%- set columns = ['transaction_id', 'reverses_transaction_id'] %}

{%- if staged_relation('built_files') %}
with landed as (
    select {{ columns | join(', ') }}
    from {{ transactions }}
    where landed_file in ({{ landed_files_of(files, 'not is_kept') }})
),

numbers as (
    {%- for column in columns %}
    {{ 'union' if not loop.first }}
    select {{ landed_text('landed.' ~ column) }} as transaction_id
    from landed
    where landed.{{ column }} is not null
    {%- endfor %}
),

changed_accounts as (
    select
        accounts.account_sk,
        accounts.opened_date,
        accounts.closed_date
    from {{ accounts }} as accounts
    inner join {{ staged_relation('built_accounts') }} as built on accounts.account_sk = built.account_sk
    where
        accounts.opened_date <> built.opened_date
        or coalesce(accounts.closed_date <> built.closed_date, accounts.closed_date is not null)
)

select
    older.landed_file,
    older.landed_row
from {{ transactions }} as older
inner join {{ files }} as files on older.landed_file = files.landed_file and files.is_kept
where {{ landed_text('older.transaction_id') }} in (select numbers.transaction_id from numbers)
union
select
    staged.landed_file,
    staged.landed_row
from {{ staged }} as staged
inner join changed_accounts as accounts on staged.account_sk = accounts.account_sk
inner join {{ files }} as files on staged.landed_file = files.landed_file and files.is_kept
where staged.booked_date < accounts.opened_date or staged.booked_date > accounts.closed_date
{%- else %}
select
    landed_file,
    cast(null as bigint) as landed_row
from {{ files }}
where false
{%- endif %}
