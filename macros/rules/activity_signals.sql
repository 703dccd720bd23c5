{#- The signals of potential churn, in the order in which they are published. Their thresholds and points are seed rows. -#}
{% macro activity_signal_codes() %}
    {{ return([
        'balance_drawdown', 'balance_collapse', 'salary_stopped', 'matured_money_left',
        'balance_dip', 'balance_decline', 'activity_decline', 'unusual_silence',
    ]) }}
{% endmacro %}


{#- The points of all signals that fire. Arguments: signals and points, relations with a column is_<code> and <code>. -#}
{% macro points_of_signals(signals, points) -%}
    {%- for code in activity_signal_codes() -%}
    {{ '+ ' if not loop.first }}case when {{ signals }}.is_{{ code }} then {{ points }}.{{ code }} else 0 end
    {%- if not loop.last %}
    {% endif %}
    {%- endfor -%}
{%- endmacro %}


{#- The codes of all signals that fire, a blank after each. -#}
{% macro names_of_signals(signals) -%}
    {%- for code in activity_signal_codes() -%}
    {{ '|| ' if not loop.first }}case when {{ signals }}.is_{{ code }} then '{{ code }} ' else '' end
    {%- if not loop.last %}
    {% endif %}
    {%- endfor -%}
{%- endmacro %}
