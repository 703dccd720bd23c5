-- What is odd about rows that were accepted all the same: one row per warning.
{% set judged_tables = landing_tables() %}
{# as many warnings as a row can have: one a descriptive column, and two more #}
{% set most_warnings = most_descriptive_columns() + 2 %}

with judged as (
    {% for table in judged_tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table.source }}' as source_name,
        '{{ table.name }}' as table_name,
        landed_file,
        landed_row,
        landed_key,
        warnings
    from {{ ref(table.source ~ '__' ~ table.name ~ '_judged') }}
    where rejection is null and warnings is not null
    {% endfor %}
),

account_warnings as (
    select
        accounts.landed_file,
        accounts.landed_row,
        accounts.account_id as landed_key,
        'no_holder|;' as warnings
    from {{ ref('account_numbers') }} as accounts
    left join {{ ref('account_shares') }} as shares on accounts.account_id = shares.account_id
    where shares.account_id is null
),

-- one warning an account, at its first holder's row
share_warnings as (
    select
        landed_file,
        landed_row,
        account_id as landed_key,
        case when is_above_one then 'shares_above_one|ownership_share;' else 'shares_below_one|ownership_share;' end
            as warnings
    from {{ ref('account_shares') }}
    where holder_rank = 1 and (is_above_one or is_below_one)
),

first_rates as (
    select currency_code, min(rate_date) as first_rate_date
    from {{ ref('stg_market__fx_rates') }}
    group by currency_code
),

rate_warnings as (
    select
        accounts.landed_file,
        accounts.landed_row,
        accounts.account_id as landed_key,
        'no_rate_yet|currency_code;' as warnings
    from {{ ref('account_numbers') }} as accounts
    inner join first_rates on accounts.currency_code = first_rates.currency_code
    where
        accounts.currency_code <> upper('{{ var("base_currency") }}')
        and accounts.opened_date < first_rates.first_rate_date
),

account_owners as (
    select distinct customer_id
    from {{ ref('account_shares') }}
),

customer_warnings as (
    select
        members.landed_file,
        members.landed_row,
        members.customer_id as landed_key,
        case when account_owners.customer_id is null then 'no_account|;' else '' end
        || case when members.is_merge_blocked then 'merge_blocked|id_document_number;' else '' end as warnings
    from {{ ref('party_members') }} as members
    left join account_owners on members.customer_id = account_owners.customer_id
),

warned as (
    select * from judged
    union all
    select 'core' as source_name, 'accounts' as table_name, * from account_warnings
    union all
    select 'core' as source_name, 'accounts' as table_name, * from rate_warnings
    union all
    select 'core' as source_name, 'account_holders' as table_name, * from share_warnings
    union all
    select 'core' as source_name, 'customers' as table_name, * from customer_warnings
),

positions as (
    {% for position in range(1, most_warnings + 1) -%}
    {{ 'union all' if not loop.first }}
    select {{ position }} as position
    {% endfor %}
),

numbered as (
    select
        warned.*,
        split_part(warned.warnings, ';', positions.position) as warning
    from warned
    cross join positions
    where warned.warnings <> ''
)

select
    source_name,
    table_name,
    landed_file,
    landed_row,
    {{ keyed_hash('landed_key') }} as key_hash,
    split_part(warning, '|', 1) as reason_code,
    nullif(split_part(warning, '|', 2), '') as column_name
from numbered
where warning <> ''
