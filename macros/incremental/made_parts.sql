{#- Is a month made of everybody? Arguments: period and of_all as is_made_from(). -#}
{% macro is_made_of_all(period, of_all) -%}
    {{ return(adapter.dispatch('is_made_of_all')(period, of_all)) }}
{%- endmacro %}

{% macro default__is_made_of_all(period, of_all) -%}
    {{ period }} >= {{ of_all }}
{%- endmacro %}

{#- Every month or none in a statement that makes a part: see made_part(). -#}
{% macro duckdb__is_made_of_all(period, of_all) -%}
    case {{ made_part() }} when 'all' then true when 'changed' then false else {{ period }} >= {{ of_all }} end
{%- endmacro %}


{#-
    Which part of its rows a statement makes, on DuckDB: 'all', the months that are made of everybody, or 'changed', those of the
    ones that changed; empty: both. Where both are made, a few customers' old months would have all old months of
    everybody read, joined, and kept in memory, so that strategies make one after the other (made_parts()). A variable of the
    session, as views have these conditions too; DuckDB knows it before it plans, and nothing is left of the other part.
-#}
{% macro made_part() -%} coalesce(cast(getvariable('made_part') as varchar), '') {%- endmacro %}


{#-
    The parts that a strategy makes one after the other, each with the condition on its rows and the variables of the session
    that it needs; a single one with neither where all is made at once. The months of everybody are made some at a time, if
    the model's meta says so (`is_made_by_month`). Argument: strategy.
-#}
{% macro made_parts(strategy) %}
    {%- set made = first_made_months(existing_model('rebuild_window')) -%}
    {%- set has_column = rebuilt_columns()[strategy] | length > 0 -%}
    {%- if target.type != 'duckdb' or (has_column and made.is_of_the_changed) -%}
        {{ return([{'rows': '', 'variables': {}}]) }}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- if has_column and made.has_parts -%}
        {%- do parts.append({
            'rows': 'as_of_date < ' ~ first_day_of_month(made.of_all), 'variables': {'made_part': 'changed'},
        }) -%}
    {%- endif -%}
    {%- set first_of_all = first_day_of_month(made.of_all if has_column else made.first) -%}
    {%- set slices = month_slices(first_of_all) if config.get('meta', {}).get('is_made_by_month') else [{'rows': '', 'variables': {}}] -%}
    {%- for slice in slices -%}
        {%- set variables = dict(slice.variables) -%}
        {%- set rows = [slice.rows] if slice.rows else [] -%}
        {%- if has_column and made.has_parts -%}
            {%- do variables.update({'made_part': 'all'}) -%}
            {%- do rows.append('as_of_date >= ' ~ first_of_all) -%}
        {%- endif -%}
        {%- do parts.append({'rows': rows | join(' and '), 'variables': variables}) -%}
    {%- endfor -%}
    {{ return(parts) }}
{% endmacro %}
