{#-
    Money is summed exactly and rounded once. Amounts (2 decimals), ownership shares (6) and rates (8) are taken as
    whole numbers, so a product of the three is a whole number of 1e-16 base currency units and sums are exact on
    every engine, in every order.
-#}

{#- amount × share × rate as a whole number of 1e-16 units of base currency. -#}
{% macro money_units(amount, share, rate) -%}
    {{ scaled(amount, 100) }}
    * {{ scaled(share, 1000000) }}
    * {{ scaled(rate, 100000000) }}
{%- endmacro %}


{#- A decimal times a power of ten, as a whole number. The factor is wide: DuckDB keeps the product of narrow decimals
    to 18 digits, too few for an exchange rate of 100 or an amount of 1e14. -#}
{% macro scaled(value, factor) -%}
    {{ return(adapter.dispatch('scaled')(value, factor)) }}
{%- endmacro %}

{% macro default__scaled(value, factor) -%}
    cast({{ value }} * cast({{ factor }} as decimal(20, 0)) as {{ type_exact_integer() }})
{%- endmacro %}


{#- How many money units make one cent. -#}
{% macro units_per_cent() -%} cast(100000000000000 as {{ type_exact_integer() }}) {%- endmacro %}


{#- units / divisor as decimal(18,2), rounded half away from zero. Null in, null out. -#}
{% macro round_units(units, divisor='1') -%}
    {{ round_quotient(units, '(' ~ divisor ~ ') * ' ~ units_per_cent()) }}
{%- endmacro %}


{#-
    A decimal(·,2) sum divided by a whole number, as decimal(18,2), rounded half away from zero: the mean of
    published monthly values.
-#}
{% macro round_mean(amount, divisor) -%}
    {{ round_quotient(scaled('(' ~ amount ~ ')', 100),
                      'cast(' ~ divisor ~ ' as ' ~ type_exact_integer() ~ ')') }}
{%- endmacro %}


{#-
    Whole number / whole number > 0 in cents, as decimal(18,2), rounded half away from zero. Null where the amount has
    more digits than that: unknown, so that one absurd booking doesn't stop everybody's night.
-#}
{% macro round_quotient(numerator, divisor) -%}
    {{ return(adapter.dispatch('round_quotient')(numerator, divisor)) }}
{%- endmacro %}

{% macro default__round_quotient(numerator, divisor) -%}
    case
        when {{ whole_quotient('abs(' ~ numerator ~ ')', divisor) }} < {{ most_cents() }}
            then cast(
                case when {{ numerator }} < 0 then -1 else 1 end
                * ({{ whole_quotient('2 * abs(' ~ numerator ~ ') + ' ~ divisor, '2 * (' ~ divisor ~ ')') }})
                * cast(0.01 as decimal(3, 2))
                as decimal(18, 2)
            )
    end
{%- endmacro %}


{#- An exact sum with two decimals as decimal(18,2); null where it has more digits than that, as in round_quotient(). -#}
{% macro published_sum(amount) -%}
    case when abs({{ amount }}) < cast(10000000000000000 as decimal(38, 2)) then cast({{ amount }} as decimal(18, 2)) end
{%- endmacro %}


{#- The first number of cents that decimal(18,2) might not hold once it is rounded. -#}
{% macro most_cents() -%} cast(999999999999999999 as {{ type_exact_integer() }}) {%- endmacro %}



{#- The customer's share of an account's amount, in money units of base currency, in the panel's own columns. -#}
{% macro share_units(amount) -%}
    {{ money_units(amount, 'ownership_share', 'rate_to_base') }}
{%- endmacro %}


{#- How many margin units make one money unit: rates have eight decimals. -#}
{% macro margin_scale() -%} cast(100000000 as {{ type_exact_integer() }}) {%- endmacro %}


{#-
    money units × a rate with eight decimals as a whole number of 1e-24 units of base currency, so that margins are
    summed exactly. Null in, null out; null also where interest × days passes 1e12 of base currency, beyond which
    the sum of some accounts could pass 38 digits.
-#}
{% macro margin_units(units, rate) -%}
    case
        when abs(cast({{ units }} as {{ type_double() }})) * abs(cast({{ rate }} as {{ type_double() }})) < 1e28
            then ({{ units }}) * {{ scaled('(' ~ rate ~ ')', 100000000) }}
    end
{%- endmacro %}


{#- margin units / divisor as decimal(18,2), rounded half away from zero. Null in, null out. -#}
{% macro round_margin(units, divisor) -%}
    {{ round_units('(' ~ units ~ ')', '(' ~ divisor ~ ') * ' ~ margin_scale()) }}
{%- endmacro %}
