-- Rows landed and rows accepted, per table of the contract. Landed rows are counted in the files themselves, so
-- that the sum of the outcomes is a check and not a tautology.
{% set tables = landing_tables() %}

with landed as (
    {% for table in tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table.source }}' as source_name,
        '{{ table.name }}' as table_name,
        (select count(*) as row_count from {{ source(table.source, table.name) }}) as landed_count,
        {% if table.name == 'transactions' -%}
        (select count(*) as row_count from {{ ref('stg_core__transactions') }})
        {%- else -%}
        (
            select count(*) as row_count
            from {{ ref(table.source ~ '__' ~ table.name ~ '_judged') }}
            where rejection is null
        )
        {%- endif %} as accepted_count,
        {{ is_landed(table.source, table.name) }} as is_landed
    {% endfor %}
)

select * from landed
