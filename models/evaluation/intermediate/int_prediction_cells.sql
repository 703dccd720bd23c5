-- What discrimination is measured of: each score by each outcome, at the end of each horizon. Numbered, as a sort by
-- one number is twice as fast as by four, and the quicker the shorter the number is.
select
    cast(row_number() over (
        order by
            months.month_number, horizons.horizon_months, subjects.subject_rank, outcomes.outcome_rank
    ) as integer) as cell_number,
    months.as_of_date,
    months.month_number,
    horizons.horizon_months,
    subjects.subject_code,
    outcomes.outcome_code,
    case when subjects.direction = 'high_is_bad' then 1 else -1 end as badness_sign
from {{ ref('ledger_months') }} as months
cross join {{ ref('outcome_horizons') }} as horizons
cross join {{ ref('evaluation_subjects') }} as subjects
cross join {{ ref('outcome_definitions') }} as outcomes
where subjects.is_predictor
