{% test universe_complete(model, axes) %}
{%- set columns = [] -%}
{%- for axis in axes -%}
    {%- do columns.extend(axis.columns.keys()) -%}
{%- endfor %}

with
{%- for axis in axes %}
axis_{{ loop.index }} as (
    select distinct
        {%- for name, expression in axis.columns.items() %}
        {{ expression }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ axis.relation }}
    where {{ axis.condition or '1 = 1' }}
),
{% endfor %}
found as (
    select distinct {{ columns | join(', ') }}
    from {{ model }}
),

counted as (
    select {{ columns | join(', ') }}, 1 as in_universe, 0 as in_model
    from axis_1
    {%- for axis in axes[1:] %}
    cross join axis_{{ loop.index + 1 }}
    {%- endfor %}
    union all
    select {{ columns | join(', ') }}, 0 as in_universe, 1 as in_model
    from found
)

select
    {{ columns | join(', ') }},
    case when sum(in_model) = 0 then 'missing' else 'not in the universe' end as finding
from counted
group by {{ columns | join(', ') }}
having sum(in_universe) <> sum(in_model)

{% endtest %}
