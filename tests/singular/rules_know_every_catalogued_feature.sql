-- The lists of the macro customer_feature_names against the catalogue: names and kinds.
with listed as (
    {%- for kind in ['number', 'flag', 'code'] %}
    {%- set outer_first = loop.first %}
    {%- for feature in customer_feature_names(kind) %}
    {{ 'union all' if not (outer_first and loop.first) }}
    select '{{ feature }}' as feature, '{{ kind }}' as kind
    {%- endfor %}
    {%- endfor %}
),

catalogued as (
    select
        feature,
        case data_type when 'boolean' then 'flag' when 'varchar' then 'code' else 'number' end as kind
    from {{ ref('feature_catalogue') }}
    where data_type <> 'date'
)

select
    coalesce(listed.feature, catalogued.feature) as feature,
    listed.kind as kind_in_macro,
    catalogued.kind as kind_in_catalogue
from listed
full outer join catalogued on listed.feature = catalogued.feature
where listed.kind is null or catalogued.kind is null or listed.kind <> catalogued.kind
