-- The smallest single change that would earn a customer of the newest month the next class, as a value or a code.
with needs as (
    select
        needs.*,
        needs.needed_normalised_value + needs.deduction as needed_before_deduction,
        rules.direction
    from {{ ref('int_next_class_needs') }} as needs
    inner join {{ ref('int_score_rules') }} as rules on needs.indicator_number = rules.indicator_number
),

-- where the line first reaches what is needed, coming from the worse side
valued as (
    select
        needs.customer_sk,
        needs.indicator_number,
        needs.next_class_code,
        case
            when needs.direction = 'up' and bands.value_at_min >= needs.needed_before_deduction then bands.min_value
            when needs.direction = 'down' and bands.value_at_below >= needs.needed_before_deduction
                then bands.below_value
            else {{ value_in_band(
                'needs.needed_before_deduction', 'bands.min_value', 'bands.below_value',
                'bands.value_at_min', 'bands.value_at_below'
            ) }}
        end as needed_value,
        row_number() over (
            partition by needs.customer_sk, needs.indicator_number, needs.next_class_code
            order by case when needs.direction = 'up' then bands.min_value else -bands.min_value end
        ) as band_rank
    from needs
    inner join {{ ref('int_score_bands') }} as bands
        on
            needs.indicator_number = bands.indicator_number
            and needs.needed_before_deduction <= greatest(bands.value_at_min, bands.value_at_below)
),

coded as (
    select
        needs.customer_sk,
        needs.indicator_number,
        needs.next_class_code,
        points.code as needed_code,
        points.normalised_value - needs.deduction as reached_value,
        row_number() over (
            partition by needs.customer_sk, needs.indicator_number, needs.next_class_code
            order by points.normalised_value, {{ by_bytes('points.code') }}
        ) as code_rank
    from needs
    inner join {{ ref('int_score_code_points') }} as points
        on
            needs.indicator_number = points.indicator_number
            and needs.needed_before_deduction <= points.normalised_value
),

steps as (
    select
        needs.customer_sk,
        needs.as_of_date,
        needs.next_class_code,
        needs.indicator_number,
        {{ published_ratio('valued.needed_value') }} as needed_raw_value,
        coded.needed_code as needed_raw_code,
        coalesce(coded.reached_value, needs.needed_normalised_value) as needed_normalised_value,
        coalesce(coded.reached_value, needs.needed_normalised_value) - needs.normalised_value as points,
        row_number() over (
            partition by needs.customer_sk
            order by
                {{ published_ratio(
                    'coalesce(coded.reached_value, needs.needed_normalised_value) - needs.normalised_value'
                ) }},
                needs.indicator_rank,
                needs.next_class_rank  -- one code may reach two classes: it earns the better one
        ) as step_rank
    from needs
    left join valued
        on
            needs.customer_sk = valued.customer_sk
            and needs.indicator_number = valued.indicator_number
            and needs.next_class_code = valued.next_class_code
            and valued.band_rank = 1
    left join coded
        on
            needs.customer_sk = coded.customer_sk
            and needs.indicator_number = coded.indicator_number
            and needs.next_class_code = coded.next_class_code
            and coded.code_rank = 1
    where valued.needed_value is not null or coded.needed_code is not null
)

select
    customer_sk,
    as_of_date,
    next_class_code,
    indicator_number,
    needed_raw_value,
    needed_raw_code,
    needed_normalised_value,
    points
from steps
where step_rank = 1
