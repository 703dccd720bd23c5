{#- As dbt's own, but that statements without rows aren't asked for any: the Thrift server takes that for an error. -#}
{% materialization unit, adapter='spark' %}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set expected_sql = config.get('expected_sql') -%}
    {%- set names = (expected_rows[0].keys() | list) if expected_rows else get_columns_in_query(sql) -%}
    {%- do use_ansi() -%}
    {%- set types, quoted = {}, {} -%}
    {%- for row in run_query('describe query ' ~ get_empty_subquery_sql(sql)).rows -%}
        {%- do types.update({row['col_name'] | lower: row['data_type']}) -%}
        {%- do quoted.update({row['col_name'] | lower: adapter.quote(row['col_name'])}) -%}
    {%- endfor -%}
    {%- set tested = [] -%}
    {%- for name in names -%} {%- do tested.append(quoted[name | lower]) -%} {%- endfor -%}
    {%- if not expected_sql -%}
        {%- set expected_sql = get_expected_sql(expected_rows, types, quoted) -%}
    {%- endif -%}
    {%- call statement('main', fetch_result=True) -%}
        {{ get_unit_test_sql(sql, expected_sql, tested) }}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}
