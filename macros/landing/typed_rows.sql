{#-
    Every row of a landed table, typed. Per column of the contract: `<column>` (typed, codes in canonical spelling;
    null when bad) and `has_<column>` (the cell isn't blank), and the row's own landed_file, landed_row,
    is_wrong_width, landed_text and landed_key (its key as it was landed).

    Arguments: source_name, table_name; codes: the relation of canonical codes, where the table has coded columns;
    landed: the relation of the rows, where it isn't the source.
-#}
{% macro typed_rows(source_name, table_name, codes=none, landed=none) %}
{%- set are_regions_landed = is_landed('market', 'regions') -%}
{%- set columns = landing_columns(source_name, table_name) -%}
{%- set coded = columns | selectattr('meta.code_list', 'defined') | list -%}
    select
        landed.landed_file,
        landed.landed_row,
        landed.is_wrong_width,
        landed.landed_text,
        {{ landed_key(source_name, table_name) }} as landed_key
        {%- for column in columns %}
        {%- set landed_column = 'landed.' ~ column.name %},
        {{ has_landed_value(landed_column) }} as has_{{ column.name }},
        {%- if column.meta.is_upper_case %}
        upper({{ landed_text(landed_column) }}) as {{ column.name }}
        {%- elif column.meta.code_list is not defined %}
        {{ typed_value(landed_column, column.type) }} as {{ column.name }}
        {%- elif column.meta.code_list == 'region_code' %}
        case
            when {{ are_regions_landed }} then {{ column.name }}_list.code
            else upper({{ landed_text(landed_column) }})
        end as {{ column.name }}
        {%- else %}
        {{ column.name }}_list.code as {{ column.name }}
        {%- endif %}
        {%- if column.meta.minimum is defined or column.meta.maximum is defined %},
        coalesce(
            {% if column.meta.minimum is defined -%}
            {{ landed_number(landed_column) }} < {{ column.meta.minimum }}
            {%- endif %}
            {%- if column.meta.minimum is defined and column.meta.maximum is defined %} or {% endif %}
            {%- if column.meta.maximum is defined -%}
            {{ landed_number(landed_column) }} > {{ column.meta.maximum }}
            {%- endif %},
            false
        ) as is_{{ column.name }}_out_of_range
        {%- endif %}
        {%- endfor %}
    from {{ landed or source(source_name, table_name) }} as landed
    {%- for column in coded %}
    left join {{ codes }} as {{ column.name }}_list
        on
            {{ column.name }}_list.code_list = '{{ column.meta.code_list }}'
            and {{ column.name }}_list.folded_code = lower({{ landed_text('landed.' ~ column.name) }})
    {%- endfor %}
{% endmacro %}


{#- The columns whose value is null because it is bad: type, range or code. -#}
{% macro bad_value(column) -%}
    {%- set wrong = 'has_' ~ column.name ~ ' and ' ~ column.name ~ ' is null' -%}
    {%- if column.meta.minimum is defined or column.meta.maximum is defined -%}
        ({{ wrong }} or is_{{ column.name }}_out_of_range)
    {%- else -%}
        {{ wrong }}
    {%- endif -%}
{%- endmacro %}


{#-
    The first reason to reject a typed row by itself, as `reason|column`; null when there is none. Reasons come in
    the order of the seed reason_codes, columns in the order of the contract.

    Arguments: source_name, table_name; impossible_dates: list of {column, condition} that contradict each other.
-#}
{% macro rejection_of_row(source_name, table_name, impossible_dates=[]) %}
{%- set columns = landing_columns(source_name, table_name) -%}
{%- set key = landing_meta(source_name, table_name).key -%}
{%- set judged = columns | rejectattr('meta.is_descriptive', 'defined') | list -%}
    case
        when is_wrong_width then 'wrong_width|'
        {%- for column in judged if column.name in key %}
        when not has_{{ column.name }} then 'missing_key|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.meta.is_needed and column.name not in key %}
        when not has_{{ column.name }} then 'missing_value|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.type in ('date', 'timestamp') %}
        when has_{{ column.name }} and {{ column.name }} is null then 'bad_date|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.type in ('integer', 'double') or column.type.startswith('decimal(') %}
        when has_{{ column.name }} and {{ column.name }} is null
            {%- if column.meta.minimum is defined or column.meta.maximum is defined %}
            and not is_{{ column.name }}_out_of_range
            {%- endif %}
            then 'bad_number|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.type == 'boolean' %}
        when has_{{ column.name }} and {{ column.name }} is null then 'bad_boolean|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.meta.minimum is defined or column.meta.maximum is defined %}
        when is_{{ column.name }}_out_of_range then 'out_of_range|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.meta.is_above_zero %}
        when {{ column.name }} <= 0 then 'out_of_range|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.meta.is_positive %}
        when {{ column.name }} <= 0 then 'non_positive_amount|{{ column.name }}'
        {%- endfor %}
        {%- for contradiction in impossible_dates %}
        when {{ contradiction.condition }} then 'impossible_date|{{ contradiction.column }}'
        {%- endfor %}
        {%- for column in judged if column.meta.code_list is defined and column.meta.code_list != 'currency_code' %}
        when has_{{ column.name }} and {{ column.name }} is null then 'unknown_code|{{ column.name }}'
        {%- endfor %}
        {%- for column in judged if column.meta.code_list == 'currency_code' %}
        when has_{{ column.name }} and {{ column.name }} is null and {{ is_landed('market', 'fx_rates') }}
            then 'unknown_currency|{{ column.name }}'
        when has_{{ column.name }} and {{ column.name }} is null then 'unknown_currency|{{ column.name }}|parent'
        {%- endfor %}
    end
{% endmacro %}


{#-
    The descriptive columns that hold a bad value, as `nulled_value|column;…`; null when there is none.

    Arguments: source_name, table_name; impossible_dates: list of {column, condition}.
-#}
{% macro nulled_values(source_name, table_name, impossible_dates=[]) %}
{%- set columns = landing_columns(source_name, table_name) | selectattr('meta.is_descriptive', 'defined') | list -%}
    nullif(
        ''
        {%- for column in columns %}
        || case
            when {{ bad_value(column) }}
                {%- for contradiction in impossible_dates if contradiction.column == column.name %}
                or {{ contradiction.condition }}
                {%- endfor %}
                then 'nulled_value|{{ column.name }};'
            else ''
        end
        {%- endfor %},
        ''
    )
{% endmacro %}
