{#-
    What a rule may ask about: the columns of customer_features by their kind (number, flag or code), as the contract of the
    mart customer_features_monthly types them. Dates are no features.
-#}
{% macro customer_feature_names(kind) %}
    {% set kinds = {'boolean': 'flag', 'varchar': 'code', 'date': 'date'} %}
    {% set names = [] %}
    {% for node in graph.get('nodes', {}).values() if node.resource_type == 'model' %}
        {% if node.name == 'customer_features_monthly' %}
            {% for column in node.columns.values() if column.name != 'customer_key' %}
                {% if kinds.get(column.data_type, 'number') == kind %}
                    {% do names.append(column.name) %}
                {% endif %}
            {% endfor %}
        {% endif %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}


{#- Numbers and flags (0 or 1) of customer_features, as a dictionary: name of the feature → SQL over the relation. -#}
{% macro customer_feature_numbers(relation) %}
    {% set numbers = {} %}
    {% for name in customer_feature_names('number') %}
        {% do numbers.update({name: relation ~ '.' ~ name}) %}
    {% endfor %}
    {% for name in customer_feature_names('flag') %}
        {% do numbers.update({name: 'cast(' ~ relation ~ '.' ~ name ~ ' as integer)'}) %}
    {% endfor %}
    {{ return(numbers) }}
{% endmacro %}


{#-
    The value of the feature that a rule names, as a double; null when the name is no feature, so that a misspelt name
    matches nobody.

    Arguments: feature (SQL of the name), numbers (dictionary: name → SQL).

    Nuance: it is meant for a cross join of many customers and few rules, whose rows DuckDB holds as constants: the name is
    then compared once per 2,048 customers.
-#}
{% macro feature_number(feature, numbers) -%}
    case {{ feature }}
        {%- for name, expression in numbers.items() %}
        when '{{ name }}' then cast({{ expression }} as {{ type_double() }})
        {%- endfor %}
    end
{%- endmacro %}


{#- The code of the feature that a rule names; as feature_number. Arguments: codes (dictionary: name → SQL). -#}
{% macro feature_code(feature, codes) -%}
    case {{ feature }}
        {%- for name, expression in codes.items() %}
        when '{{ name }}' then {{ expression }}
        {%- endfor %}
    end
{%- endmacro %}
