-- For every indicator of a customer of the newest month: the normalised value that would, by itself, earn a better
-- class, for each that it could earn. A risk customer's nearest is what it would be without its risk score; a veto by
-- its loans no indicator can lift.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('month_rule_versions') }}
),

targets as (
    select
        scores.*,
        rules.risk_below_risk_score,
        rules.quality_min_composite_score,
        rules.quality_min_risk_score,
        rules.potential_min_potential_score,
        classes.earned_customer_class_code,
        better_classes.code as next_class_code,
        better_classes.rank as next_class_rank
    from {{ ref('customer_classes') }} as classes
    inner join newest on classes.as_of_date = newest.as_of_date
    inner join {{ ref('customer_scores') }} as scores
        on classes.customer_sk = scores.customer_sk and classes.as_of_date = scores.as_of_date
    inner join {{ ref('class_rules') }} as rules on classes.rule_version = rules.rule_version
    inner join {{ ref('classification_codes') }} as better_classes
        on
            better_classes.dimension = 'class'
            and better_classes.code in (
                case when classes.earned_customer_class_code <> 'quality' then 'quality' end,
                case
                    when classes.earned_customer_class_code = 'risk'
                        then
                            case
                                when scores.potential_score >= rules.potential_min_potential_score then 'potential'
                                else 'general'
                            end
                    -- held: to be earned again
                    when classes.held_customer_class_code = 'quality' then null
                    when classes.earned_customer_class_code = 'general' then 'potential'
                end
            )
    left join {{ ref('vetoed_months') }} as vetoes
        on classes.customer_sk = vetoes.customer_sk and classes.as_of_date = vetoes.as_of_date
    where vetoes.customer_sk is null
),

candidates as (
    select
        targets.*,
        components.indicator_number,
        components.indicator_rank,
        components.dimension,
        components.deduction,
        components.normalised_value,
        components.effective_weight,
        -- what a point of the normalised value adds to the score of its dimension
        components.weight / case components.dimension
            {%- for dimension in score_dimensions() %}
            when '{{ dimension }}' then cast(targets.{{ dimension }}_observed_weight as {{ type_double() }})
            {%- endfor %}
        end as dimension_weight
    from targets
    inner join {{ ref('score_components') }} as components
        on targets.customer_sk = components.customer_sk and targets.as_of_date = components.as_of_date
    inner join {{ ref('int_score_rules') }} as rules on components.indicator_number = rules.indicator_number
    where components.effective_weight is not null and rules.is_advisable
),

needed as (
    select
        customer_sk,
        as_of_date,
        next_class_code,
        next_class_rank,
        indicator_number,
        indicator_rank,
        deduction,
        normalised_value,
        {{ ratio_at_least('normalised_value + ' ~ needed_change()) }} as needed_normalised_value
    from candidates
)

select * from needed
where needed_normalised_value > normalised_value and needed_normalised_value + deduction <= 100
