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
    The parts that a strategy makes one after the other: name, and which rows these are; a single one without them where only one
    has rows. Argument: strategy.
-#}
{% macro made_parts(strategy) %}
    {%- set made = first_made_months(existing_model('rebuild_window')) -%}
    {%- if target.type != 'duckdb' or not rebuilt_columns()[strategy] or not made.has_parts -%}
        {{ return([{}]) }}
    {%- endif -%}
    {{ return([
        {'name': 'changed', 'rows': 'as_of_date < ' ~ first_day_of_month(made.of_all)},
        {'name': 'all', 'rows': 'as_of_date >= ' ~ first_day_of_month(made.of_all)},
    ]) }}
{% endmacro %}
