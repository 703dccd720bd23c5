-- What older files have to be read again for: numbers of transactions that the files to stage land or reverse, and of
-- accounts that were opened or closed on other days than the last complete build knew. Nothing, where nothing is kept.
{%- set transactions, files = source('core', 'transactions'), ref('stg_landing__transaction_files') %}
{%- set accounts, built_accounts = ref('account_numbers'), staged_relation('built_accounts') %}
{%- set columns = ['transaction_id', 'reverses_transaction_id'] %}

{%- if built_accounts %}
with landed as (
    select {{ columns | join(', ') }}
    from {{ transactions }}
    where landed_file in (select files.landed_file from {{ files }} as files where not files.is_kept)
)
{% for column in columns %}
select 'transaction' as kind, {{ landed_text('landed.' ~ column) }} as landed_key
from landed
where landed.{{ column }} is not null
union
{% endfor -%}
select 'account' as kind, accounts.account_id as landed_key
from {{ accounts }} as accounts
inner join {{ built_accounts }} as built on accounts.account_sk = built.account_sk
where
    accounts.opened_date <> built.opened_date
    or {{ date_or_never('accounts.closed_date') }} <> {{ date_or_never('built.closed_date') }}
{%- else %}
select 'account' as kind, account_id as landed_key
from {{ accounts }}
where false
{%- endif %}
