{{ config(materialized='view') }}

-- A view: it is read twice, and typing a hundred million rows again costs less than writing and reading them.
{% set impossible_dates = [{'column': 'booked_at', 'condition': 'booked_at > loaded_at'}] %}

with {{ rows_alone(
    'core', 'transactions', codes=ref('canonical_codes'), impossible_dates=impossible_dates,
    landed=transactions_to_stage()
) }}

select * from alone
