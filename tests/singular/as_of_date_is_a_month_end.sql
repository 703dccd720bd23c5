-- depends_on: {{ ref('ledger_months') }}
{% set as_of_date = var('as_of_date') %}

{% if as_of_date -%}
select cast('{{ as_of_date }}' as date) as as_of_date
where cast('{{ as_of_date }}' as date) <> {{ month_end("cast('" ~ as_of_date ~ "' as date)") }}
{%- else -%}
select month_number
from {{ ref('ledger_months') }}
where 1 = 0
{%- endif %}
