{#-
    Area under the ROC curve from U2, twice the Mann-Whitney statistic: the number of pairs (one to whom it happened, one
    to whom it didn't) in which the first has the worse score, counted twice, plus the pairs with equal scores. A whole
    number, so that no order of summation matters. Null without both kinds.
-#}
{% macro auc(double_pairs, positives, negatives) -%}
    cast({{ double_pairs }} as {{ type_double() }})
    / nullif(2 * cast({{ positives }} as {{ type_double() }}) * cast({{ negatives }} as {{ type_double() }}), 0)
{%- endmacro %}


{#-
    How far apart the two kinds are at a value: the difference of their shares up to it, whose maximum over all values is the
    Kolmogorov-Smirnov statistic. Arguments are SQL: both kinds' whole counts up to the value, and their totals; null without
    both kinds.
-#}
{% macro ks_distance(positives_up_to, positives, negatives_up_to, negatives) -%}
    abs(
        {{ as_number(positives_up_to) }} / nullif({{ positives }}, 0)
        - {{ as_number(negatives_up_to) }} / nullif({{ negatives }}, 0)
    )
{%- endmacro %}


{#-
    Standard error of an AUC after Hanley and McNeil (1982):
    √((A(1 − A) + (m − 1)(A/(2 − A) − A²) + (n − 1)(2A²/(1 + A) − A²)) / mn).
    Arguments are SQL: auc, positives m, negatives n.
-#}
{% macro auc_standard_error(auc, positives, negatives) -%}
    sqrt(
        greatest(
            {{ auc }} * (1 - {{ auc }})
            + ({{ positives }} - 1) * ({{ auc }} / (2 - {{ auc }}) - {{ auc }} * {{ auc }})
            + ({{ negatives }} - 1) * (2 * {{ auc }} * {{ auc }} / (1 + {{ auc }}) - {{ auc }} * {{ auc }}),
            0
        )
        / nullif(cast({{ positives }} as {{ type_double() }}) * cast({{ negatives }} as {{ type_double() }}), 0)
    )
{%- endmacro %}


{#-
    One bin's part of the population stability index: (a − b) ln(a / b), a and b its shares now and then, each at least
    epsilon. Arguments are SQL: counts and totals now and then, epsilon.
-#}
{% macro stability_term(count_now, total_now, count_then, total_then, epsilon) -%}
    {%- set now = bin_share(count_now, total_now, epsilon) -%}
    {%- set then = bin_share(count_then, total_then, epsilon) -%}
    ({{ now }} - {{ then }}) * ln({{ now }} / {{ then }})
{%- endmacro %}

{#- The share of one bin, at least epsilon so that it has a logarithm. -#}
{% macro bin_share(count, total, epsilon) -%}
    greatest(cast({{ count }} as {{ type_double() }}) / nullif({{ total }}, 0), cast({{ epsilon }} as {{ type_double() }}))
{%- endmacro %}


{#-
    What chance alone explains of a stability index: (1/N + 1/M) × the quantile of χ² with bins − 1 degrees of freedom.
    Arguments are SQL: total_now, total_then, quantile.
-#}
{% macro stability_critical_value(total_now, total_then, quantile) -%}
    (1 / nullif(cast({{ total_now }} as {{ type_double() }}), 0) + 1 / nullif(cast({{ total_then }} as {{ type_double() }}), 0))
    * {{ quantile }}
{%- endmacro %}


{#- How many bins a stability index has. The bins are columns, so this is structure and no rule. -#}
{% macro stability_bin_count() %} {{ return(10) }} {% endmacro %}


{#-
    The upper bounds (inside) of all bins but the last, as columns cut_1, cut_2 …: the smallest value that a tenth, two
    tenths … of the rows don't exceed. A bound at the largest value would leave the bins above it empty, so it is
    dropped (null); equal bounds make one bin.
-#}
{% macro frozen_cuts(value) -%}
    {%- set bins = stability_bin_count() -%}
    {%- set shares = [] -%}
    {%- for number in range(1, bins) %} {%- do shares.append(number / bins) %} {%- endfor %}
    {%- for number in range(1, bins) %}
    nullif({{ quantile_at(value, shares, number) }}, max({{ value }})) as cut_{{ number }}
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The bin of a value: how many cuts lie below it. Dropped cuts lie below nothing. -#}
{% macro frozen_bin(value, relation) -%}
    (
        {%- for number in range(1, stability_bin_count()) %}
        {{ '+ ' if not loop.first }}case when {{ value }} > {{ relation }}.cut_{{ number }} then 1 else 0 end
        {%- endfor %}
    )
{%- endmacro %}


{#- How many bins there are: different cuts and one. -#}
{% macro frozen_bin_count(relation) -%}
    (
        1
        {%- for number in range(1, stability_bin_count()) %}
        {%- set cut = relation ~ '.cut_' ~ number %}
        {%- if number == 1 %}
        + case when {{ cut }} is null then 0 else 1 end
        {%- else %}
        + case when {{ cut }} > {{ relation }}.cut_{{ number - 1 }} then 1 else 0 end
        {%- endif %}
        {%- endfor %}
    )
{%- endmacro %}


{#-
    Pearson's correlation from whole numbers: n, Σx, Σy, Σxy, Σx², Σy²; exact up to the division. Null when one of the two
    doesn't vary. Over twice the mid-ranks it is Spearman's rank correlation.
-#}
{% macro correlation(n, sum_x, sum_y, sum_xy, sum_xx, sum_yy) -%}
    cast({{ n }} * {{ sum_xy }} - {{ sum_x }} * {{ sum_y }} as {{ type_double() }})
    / nullif(
        sqrt(cast({{ n }} * {{ sum_xx }} - {{ sum_x }} * {{ sum_x }} as {{ type_double() }}))
        * sqrt(cast({{ n }} * {{ sum_yy }} - {{ sum_y }} * {{ sum_y }} as {{ type_double() }})), 0
    )
{%- endmacro %}


{#- Twice the mid-rank of each row among the rows of its group: equal values share the mean of their ranks. -#}
{% macro double_rank(partition_by, order_by) -%}
    cast(
        2 * rank() over (partition by {{ partition_by }} order by {{ order_by }})
        + count(*) over (
            partition by {{ partition_by }} order by {{ order_by }} range between current row and current row
        ) - 1
        as {{ type_exact_integer() }}
    )
{%- endmacro %}
