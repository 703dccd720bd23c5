-- Every list of codes that the landing contract names, in one shape: what a landed code is looked up in.
with listed as (
    select list as code_list, code from {{ ref('other_codes') }}
    union all
    select 'channel_code' as code_list, channel_code as code from {{ ref('channel_codes') }}
    union all
    select 'product_code' as code_list, product_code as code from {{ ref('product_codes') }}
    union all
    select 'transaction_code' as code_list, transaction_code as code from {{ ref('transaction_codes') }}
),

-- A currency is known when it is the base currency or has an accepted rate.
currencies as (
    select 'currency_code' as code_list, upper('{{ var("base_currency") }}') as code
    union
    select 'currency_code' as code_list, currency_code as code
    from {{ ref('market__fx_rates_judged') }}
    where rejection is null
),

regions as (
    select distinct 'region_code' as code_list, region_code as code
    from {{ ref('market__regions_judged') }}
    where rejection is null
),

final as (
    select code_list, code from listed
    union all
    select code_list, code from currencies
    union all
    select code_list, code from regions
)

select
    code_list,
    code,
    lower(code) as folded_code
from final
