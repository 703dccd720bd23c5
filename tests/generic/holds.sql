{% test holds(model, conditions=[], never_null=[]) %}
{{ config(fail_calc='coalesce(sum(row_count), 0)') }}

with judged as (
    select
        case
            {%- for column in never_null %}
            when {{ column }} is null then '{{ column }} is not null'
            {%- endfor %}
            {%- for condition in conditions %}
            when not coalesce({{ condition }}, false) then {{ dbt.string_literal(dbt.escape_single_quotes(condition)) }}
            {%- endfor %}
        end as broken_condition
    from {{ model }}
)

select
    broken_condition,
    count(*) as row_count
from judged
where broken_condition is not null
group by broken_condition

{% endtest %}
