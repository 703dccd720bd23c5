{#-
    One aggregate over a customer's trailing months. Arguments: aggregate (sum, min, max or count); of (SQL over the columns
    of the months); oldest and newest (how many months before the month the first and last one of them lie; 0 is the month
    itself); is_floored (at least 0).
-#}
{% macro trailing(aggregate, of, oldest, newest=0, is_floored=false) %}
    {{ return({'aggregate': aggregate, 'of': of, 'oldest': oldest, 'newest': newest, 'is_floored': is_floored}) }}
{% endmacro %}


{#-
    The CTEs `present` → `summed`, to be put after another CTE's comma. `present` has the rows of a history that are built;
    `summed` a row per customer_sk and month_number of these, with aggregates over trailing months; null where there is no month
    among them. A build of everything runs windows: sorted rows can be spilled, where a group for every customer and month can't.
    For one more month a window would run through all months before it, so there each month that is built is paired with those
    that it looks back on, year by year.

    Arguments: history (relation of the months to look at, a row per customer_sk and month_number); measures (name →
    trailing()).
-#}
{% macro trailing_months(history, measures) %}
present as (
    select * from {{ history }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
),
{%- if is_incremental() %}
{%- set years = years_looked_at(measures) %}
{% for year, looked_at in years.items() %}
{%- set newest = looked_at.values() | map(attribute='newest') | min %}
{%- set oldest = looked_at.values() | map(attribute='oldest') | max %}
{{ year }} as (
    select
        customer_sk,
        present_month_number as month_number
        {%- for name, measure in looked_at.items() %},
        {{ measure.aggregate }}(
            case when age_months between {{ measure.newest }} and {{ measure.oldest }} then {{ measure.of }} end
        ) as {{ name }}
        {%- endfor %}
    from (
        select
            present.month_number as present_month_number,
            present.month_number - past.month_number as age_months,
            past.*
        from present
        inner join {{ history }} as past
            on
                present.customer_sk = past.customer_sk
                and present.month_number >= past.month_number + {{ newest }}
                and present.month_number <= past.month_number + {{ oldest }}
        -- a condition of its own: what two years read alike is written down
        where {{ is_month_rebuilt('past.month_number', oldest) }}
    ) as paired
    group by customer_sk, present_month_number
),
{% endfor %}
summed as (
    select
        present.customer_sk,
        present.month_number
        {%- for year, looked_at in years.items() %}
        {%- for name, measure in looked_at.items() %},
        {{ floored_measure(
            'coalesce(' ~ year ~ '.' ~ name ~ ', 0)' if measure.aggregate == 'count' else year ~ '.' ~ name, measure
        ) }} as {{ name }}
        {%- endfor %}
        {%- endfor %}
    from present
    {%- for year in years %}
    left join {{ year }} on present.customer_sk = {{ year }}.customer_sk and present.month_number = {{ year }}.month_number
    {%- endfor %}
)
{%- else %}

summed as (
    select
        customer_sk,
        month_number,
        {%- for name, measure in measures.items() %}
        {{ floored_measure(
            measure.aggregate ~ '(' ~ measure.of ~ ') over (partition by customer_sk order by month_number range between '
            ~ measure.oldest ~ ' preceding and ' ~ (measure.newest ~ ' preceding' if measure.newest else 'current row') ~ ')',
            measure
        ) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ history }}
)
{%- endif %}
{% endmacro %}


{#- The measures by the year before the month that they look at, as what hardly any asks for is not read for all. -#}
{% macro years_looked_at(measures) %}
    {%- set years = {} -%}
    {%- for name, measure in measures.items() -%}
        {%- do years.setdefault('year_' ~ measure.newest // 12, {}).update({name: measure}) -%}
    {%- endfor -%}
    {{ return(years) }}
{% endmacro %}


{#- The aggregate of a measure as it says: at least 0, or as it is. -#}
{% macro floored_measure(aggregated, measure) -%}
    {{ 'greatest(' ~ aggregated ~ ', 0)' if measure.is_floored else aggregated }}
{%- endmacro %}
