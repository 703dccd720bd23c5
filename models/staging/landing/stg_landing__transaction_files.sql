-- The landed files of transactions, and whose rows can stay as the last complete build staged them: the file is the
-- same, its codes mean the same, and every account that it may speak of still stands.
{%- set built_files = staged_relation('built_files') %}
{%- set accounts = ref('account_numbers') %}
{%- set code_lists = landing_columns('core', 'transactions') | map(attribute='meta.code_list') | select | list %}

with rules as (
    select {{ row_fingerprint(['code_list', 'folded_code', 'code']) }} as fingerprint
    from {{ ref('canonical_codes') }}
    where code_list in ({{ quoted(code_lists) }})
    union all
    select {{ row_fingerprint(['transaction_code', 'initiator']) }} as fingerprint
    from {{ ref('transaction_codes') }}
    union all
    select {{ row_fingerprint(['source_name', 'table_name', 'column_name', 'is_landed']) }} as fingerprint
    from {{ source('landing', 'landed_columns') }}
    union all
    -- another secret key makes other customers and payers of the same numbers
    select {{ row_fingerprint([keyed_hash("'secret key'")]) }} as fingerprint
),

summed as (
    select cast(sum(fingerprint) as {{ dbt.type_string() }}) as fingerprint from rules
),

files as (
    select
        landed_files.landed_file,
        landed_files.content_hash || ' ' || summed.fingerprint as signature
    from {{ source('landing', 'landed_files') }} as landed_files
    cross join summed
    where landed_files.source_name = 'core' and landed_files.table_name = 'transactions'
)
{%- if built_files %},

lost_accounts as (
    select count(*) as account_count
    from {{ staged_relation('built_accounts') }} as built
    left join {{ accounts }} as accounts on built.account_sk = accounts.account_sk
    where accounts.account_sk is null
)

select
    files.landed_file,
    files.signature,
    coalesce(files.signature = built.signature, false) and lost_accounts.account_count = 0 as is_kept
from files
cross join lost_accounts
left join {{ built_files }} as built on files.landed_file = built.landed_file
{%- else %}

select
    landed_file,
    signature,
    false as is_kept
from files
{%- endif %}
