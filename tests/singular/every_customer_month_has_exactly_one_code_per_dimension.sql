{%- set tables = {
    'need': ('customer_needs', 'need_segment_code'),
    'activity': ('customer_activity_states', 'activity_state_code'),
    'deposit_stability': ('customer_deposit_stability', 'deposit_stability_code'),
} %}

with counted as (
    select customer_sk, as_of_date, dimensions.dimension, 1 as customer_rows, 0 as code_rows
    from {{ ref('customer_months') }}
    cross join (
        select distinct dimension
        from {{ ref('classification_codes') }}
        where dimension in ('{{ tables | join("', '") }}')
    ) as dimensions
    {%- for dimension, (table, column) in tables.items() %}
    union all
    select segments.customer_sk, segments.as_of_date, '{{ dimension }}' as dimension, 0 as customer_rows, 1 as code_rows
    from {{ ref(table) }} as segments
    inner join {{ ref('classification_codes') }} as codes
        on segments.{{ column }} = codes.code and codes.dimension = '{{ dimension }}'
    {%- endfor %}
)

select customer_sk, as_of_date, dimension, sum(code_rows) as code_rows
from counted
group by customer_sk, as_of_date, dimension
having sum(customer_rows) <> 1 or sum(code_rows) <> 1
