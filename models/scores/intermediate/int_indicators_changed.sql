{%- set wanted -%}
    {{ is_rebuilt('features.as_of_date', 1) }}
    and exists (
        select 1 from {{ ref('int_changed_months') }} as changed
        where changed.customer_sk = features.customer_sk and changed.as_of_date = features.as_of_date
    )
{%- endset %}

{{ scored_indicators(wanted) }}
