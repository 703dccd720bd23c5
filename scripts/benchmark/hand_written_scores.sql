-- The second script of the benchmark: the scores of every customer's month. The models make a row for every indicator, join it
-- with its bands and sum the rows up again. Here an indicator is an expression over the customer's row, made from the
-- seeds, so that nothing is joined and nothing is grouped.
--
-- input: customer_features
-- input: month_rule_versions
-- result: customer_scores

create schema result;

create temp table indicators as
select
    indicators.*,
    case
        when indicators.feature = 'product_gap'
            then format(
                'cast(least(greatest(({} - primacy_score) * {} + ({} - product_line_count) * {}, 0), 100) as double)'
                || ' + 0 * primacy_score + 0 * product_line_count',
                formulas.primacy_maximum, formulas.primacy_points, formulas.product_line_maximum,
                formulas.product_line_points
            )
        when indicators.normalisation = 'codes' then indicators.feature
        else format('cast({} as double)', indicators.feature)
    end as raw,
    case
        when indicators.deduction_code = 'overdraft'
            then format(' - {} * coalesce(overdraft_months_12m, 0)', formulas.overdraft_month_deduction)
        else ''
    end as deduction,
    case indicators.customer_type
        when 'all' then 'true'
        else format('customer_type_code = ''{}''', indicators.customer_type)
    end as applies
from work.seeds.score_indicators as indicators
inner join work.seeds.score_formulas as formulas on indicators.rule_version = formulas.rule_version;

create temp table normalised as
with banded as (
    select
        indicators.indicator_code,
        string_agg(
            format(' when {} < cast(''{}'' as double) then ', indicators.raw, bands.below_value)
            || case
                when bands.value_at_min = bands.value_at_below then format('cast({} as double)', bands.value_at_min)
                else
                    format('cast({} as double) + ({} - cast(''{}'' as double))', bands.value_at_min, indicators.raw, bands.min_value)
                    || format(' * ({} - {})', bands.value_at_below, bands.value_at_min)
                    || format(' / (cast(''{}'' as double) - cast(''{}'' as double))', bands.below_value, bands.min_value)
            end,
            '' order by bands.below_value
        ) as branches
    from indicators
    inner join work.seeds.score_bands as bands
        on indicators.rule_version = bands.rule_version and indicators.indicator_code = bands.indicator_code
    group by indicators.indicator_code
    union all
    select
        indicators.indicator_code,
        string_agg(format(' when {} = ''{}'' then cast({} as double)', indicators.raw, points.code, points.normalised_value), '')
    from indicators
    inner join work.seeds.score_code_points as points
        on indicators.rule_version = points.rule_version and indicators.indicator_code = points.indicator_code
    group by indicators.indicator_code
)

select
    indicators.*,
    format(
        'cast(round(case when {} then greatest((case{} end){}, 0) end, 9) as decimal(12, 9)) as {}',
        'not (' || applies || ') or (' || raw || ') is null then null when true', branches, deduction,
        'value_' || indicator_rank
    ) as expression
from indicators
inner join banded on indicators.indicator_code = banded.indicator_code;

set variable expressions = (select string_agg(expression, ', ') from normalised);

set variable sums = (
    select string_agg(columns, ', ')
    from (
        select
            string_agg(format('coalesce(cast({} as decimal(9, 3)) * value_{}, 0)', weight, indicator_rank), ' + ')
            || format(' as {}_points, ', dimension)
            || string_agg(format('case when value_{} is null then 0 else cast({} as decimal(9, 3)) end', indicator_rank, weight), ' + ')
            || format(' as {}_observed, 0::decimal(9, 3)', dimension)
            || string_agg(
                case
                    when missing_policy = 'not_applicable_without_credit'
                        then format(
                            ' + case when value_{} is null and ({}) and loan_outstanding = 0 and {} is null'
                            || ' then cast({} as decimal(9, 3)) else 0 end',
                            indicator_rank, applies, feature, weight
                        )
                    else ''
                end, ''
            )
            || format(' as {}_not_applicable', dimension) as columns
        from normalised
        group by dimension
    )
);

create temp view summed as
from query(
    'select customer_sk, as_of_date, ' || getvariable('sums')
    || ' from (select *, ' || getvariable('expressions') || ' from work.features.customer_features)'
);

create temp table dimensions as
select
    rule_version,
    max(case when dimension = 'contribution' then weight end) as contribution_weight,
    max(case when dimension = 'risk' then weight end) as risk_weight,
    max(case when dimension = 'potential' then weight end) as potential_weight,
    max(case when dimension = 'contribution' then min_observed_share end) as contribution_share,
    max(case when dimension = 'risk' then min_observed_share end) as risk_share,
    max(case when dimension = 'potential' then min_observed_share end) as potential_share,
    sum(weight) as total_weight
from work.seeds.score_dimensions
group by rule_version;

create macro mean(points, observed, not_applicable, share, weight) as
    case
        when observed > 0 and observed + not_applicable >= share * weight
            then cast(points as double) / cast(observed as double)
    end;

create table result.customer_scores as
with means as (
    select
        summed.*,
        dimensions.*,
        mean(contribution_points, contribution_observed, contribution_not_applicable, contribution_share, contribution_weight)
            as contribution_mean,
        mean(risk_points, risk_observed, risk_not_applicable, risk_share, risk_weight) as risk_mean,
        mean(potential_points, potential_observed, potential_not_applicable, potential_share, potential_weight)
            as potential_mean,
        contribution_not_applicable + risk_not_applicable + potential_not_applicable as not_applicable,
        contribution_observed + risk_observed + potential_observed as observed
    from summed
    inner join work.panel.month_rule_versions as months on summed.as_of_date = months.as_of_date
    inner join dimensions on months.rule_version = dimensions.rule_version
),

published as (
    select
        *,
        round(
            (
                coalesce(contribution_mean * cast(contribution_weight as double), 0)
                + coalesce(risk_mean * cast(risk_weight as double), 0)
                + coalesce(potential_mean * cast(potential_weight as double), 0)
            )
            / cast(nullif(
                case when contribution_mean is null then 0 else contribution_weight end
                + case when risk_mean is null then 0 else risk_weight end
                + case when potential_mean is null then 0 else potential_weight end, 0
            ) as double), 9
        ) as composite_score,
        round(cast((observed + not_applicable) / nullif(total_weight, 0) as double), 9) as observed_weight_share,
        round(cast(not_applicable / nullif(total_weight, 0) as double), 9) as not_applicable_weight_share
    from means
)

select
    published.customer_sk,
    published.as_of_date,
    round(contribution_mean, 9) as contribution_score,
    round(risk_mean, 9) as risk_score,
    round(potential_mean, 9) as potential_score,
    composite_score,
    cast(contribution_observed as decimal(9, 3)) as contribution_observed_weight,
    cast(case when contribution_mean is null then 0 else contribution_weight end as decimal(9, 3))
        as contribution_present_weight,
    cast(risk_observed as decimal(9, 3)) as risk_observed_weight,
    cast(case when risk_mean is null then 0 else risk_weight end as decimal(9, 3)) as risk_present_weight,
    cast(potential_observed as decimal(9, 3)) as potential_observed_weight,
    cast(case when potential_mean is null then 0 else potential_weight end as decimal(9, 3)) as potential_present_weight,
    observed_weight_share,
    not_applicable_weight_share,
    grades.confidence_grade,
    published.rule_version
from published
left join work.seeds.confidence_grades as grades
    on
        published.rule_version = grades.rule_version
        and observed_weight_share >= grades.min_value
        and observed_weight_share < grades.below_value;
