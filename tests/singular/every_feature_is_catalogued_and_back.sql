{%- set columns = [] -%}
{%- for node in graph.get('nodes', {}).values() -%}
{%- if node.resource_type == 'model' and node.name in ['customer_features_monthly', 'customer_features'] -%}
{%- for column in node.columns.values() if column.name not in ['customer_key', 'customer_sk', 'as_of_date'] -%}
{%- do columns.append([node.name, column.name, column.data_type]) -%}
{%- endfor -%}
{%- endif -%}
{%- endfor -%}

{# what is left of source_tables when the landed tables are taken away, each with its own blanks -#}
{%- set unknown = namespace(tables="' ' || replace(source_tables, ' ', '  ') || ' '") -%}
{%- for node in graph.get('sources', {}).values() -%}
{%- set unknown.tables = "replace(" ~ unknown.tables ~ ", ' " ~ node.source_name ~ "." ~ node.name ~ " ', '')" -%}
{%- endfor -%}

-- The columns come from the YAML: the contract holds the mart's to the table, a test does so for customer_features.

with model_columns as (
    select
        '' as model_name,
        '' as column_name,
        '' as data_type
    {%- for model_name, column_name, data_type in columns %}
    union all
    select
        '{{ model_name }}' as model_name,
        '{{ column_name }}' as column_name,
        {% if data_type %}'{{ data_type }}'{% else %}null{% endif %} as data_type
    {%- endfor %}
),

catalogue as (
    select * from {{ ref('feature_catalogue') }}
),

models as (
    select 'customer_features_monthly' as model_name
    union all
    select 'customer_features' as model_name
),

listed as (
    select
        models.model_name,
        catalogue.feature,
        catalogue.data_type
    from catalogue
    cross join models
)

select
    coalesce(listed.model_name, model_columns.model_name) as place,
    coalesce(listed.feature, model_columns.column_name) as feature,
    case
        when listed.feature is null then 'a column without a feature'
        when model_columns.column_name is null then 'a feature without a column'
        else 'another type than in the contract'
    end as finding
from listed
full outer join model_columns
    on listed.model_name = model_columns.model_name and listed.feature = model_columns.column_name
where
    (listed.feature is null and model_columns.column_name <> '')
    or model_columns.column_name is null
    or listed.data_type <> model_columns.data_type

union all

select
    'source_tables' as place,
    feature,
    'a table that nobody lands' as finding
from catalogue
where {{ unknown.tables }} <> ''
