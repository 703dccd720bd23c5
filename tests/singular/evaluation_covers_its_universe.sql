-- Cells that were measured but belong to no universe, and cells of the newest month without a row.
with newest as (
    select as_of_date from {{ ref('published_months') }}
    where {{ is_newest_month('month_number', '1') }}
),

measured as (
    select
        measures.metric_code,
        measures.dimension,
        measures.segment_code,
        measures.subject_code,
        measures.outcome_code,
        measures.horizon_months
    from {{ ref('evaluation_metric_values') }} as measures
    inner join newest on measures.as_of_date = newest.as_of_date
    -- a group of people whose code isn't known is no group
    where measures.segment_code is not null
),

universe as (
    select
        cells.metric_code,
        cells.dimension,
        cells.segment_code,
        cells.subject_code,
        cells.outcome_code,
        cells.horizon_months
    from {{ ref('evaluation_cells') }} as cells
    inner join {{ ref('month_rule_versions') }} as versions on cells.rule_version = versions.rule_version
    inner join newest on versions.as_of_date = newest.as_of_date
),

published as (
    select metric_code, dimension, segment_code, subject_code, outcome_code, horizon_months
    from {{ ref('segment_evaluation_monthly') }}
    where as_of_date in (select newest.as_of_date from newest)
),

strays as (
    select * from measured
    except
    select * from universe
),

missing as (
    select * from universe
    except
    select * from published
)

select 'not in the universe' as finding, strays.*
from strays
union all
select 'without a row' as finding, missing.*
from missing
