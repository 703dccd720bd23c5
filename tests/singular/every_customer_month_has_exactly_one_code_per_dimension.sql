{%- set tables = {
    'need': ('customer_needs', 'need_segment_code'),
    'activity': ('customer_activity_states', 'activity_state_code'),
    'deposit_stability': ('customer_deposit_stability', 'deposit_stability_code'),
} %}

with counted as (
    {%- for dimension, (table, column) in tables.items() %}
    {{ 'union all' if not loop.first }}
    select
        '{{ dimension }}' as dimension,
        customer_sk,
        as_of_date,
        1 as customer_rows,
        0 as code_rows
    from {{ ref('customer_months') }}
    where {{ is_customer_tested('customer_sk', 'customer_sk', 'as_of_date') }}
    union all
    select
        '{{ dimension }}' as dimension,
        segments.customer_sk,
        segments.as_of_date,
        0 as customer_rows,
        1 as code_rows
    from {{ ref(table) }} as segments
    inner join {{ ref('classification_codes') }} as codes
        on segments.{{ column }} = codes.code and codes.dimension = '{{ dimension }}'
    where {{ is_customer_tested('customer_sk', 'segments.customer_sk', 'segments.as_of_date') }}
    {%- endfor %}
)

select
    customer_sk,
    as_of_date,
    dimension,
    sum(code_rows) as code_rows
from counted
group by customer_sk, as_of_date, dimension
having sum(customer_rows) <> 1 or sum(code_rows) <> 1
