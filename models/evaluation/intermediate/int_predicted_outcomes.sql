-- Each score of each customer of a cohort beside each outcome that could happen to it. Turned so that a larger badness
-- is the worse score.
with predicted as (
    select
        cells.cell_number,
        outcomes.as_of_date,
        outcomes.month_number,
        cells.badness_sign * {{ value_of_subject('cells.subject_code', predictors(), 'customers') }} as badness,
        case cells.outcome_code
            {%- for name in outcome_codes() %}
            when '{{ name }}' then outcomes.{{ name }}
            {%- endfor %}
        end as hits
    from {{ ref('int_outcomes') }} as outcomes
    inner join {{ ref('int_evaluation_customers') }} as customers
        on outcomes.customer_sk = customers.customer_sk and outcomes.cohort_date = customers.as_of_date
    inner join {{ ref('int_prediction_cells') }} as cells
        on outcomes.month_number = cells.month_number and outcomes.horizon_months = cells.horizon_months
)

select * from predicted
where badness is not null and hits is not null
