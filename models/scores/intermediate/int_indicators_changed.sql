{%- set wanted -%}
    {{ is_rebuilt('features.as_of_date', 1) }}
    and (features.customer_sk, features.as_of_date) in (
        select changed.customer_sk, changed.as_of_date from {{ ref('int_changed_months') }} as changed
    )
{%- endset %}

{{ scored_indicators(wanted, with_weights=true) }}
