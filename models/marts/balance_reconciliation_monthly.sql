{{ config(materialized='incremental', incremental_strategy='publish_months', on_schema_change='fail') }}

select balances.*
from {{ ref('ledger_balances') }} as balances
inner join {{ ref('months_to_publish') }} as months on balances.as_of_date = months.as_of_date
