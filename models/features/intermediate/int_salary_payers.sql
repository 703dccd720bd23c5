{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Who qualifies as a payer of a salary on a month-end: it credited in enough of the last four months, about the same
-- sum, on about the same day of the month. Evaluated in the months of its credits and in the month after, which is
-- the last one in which three of four can hold without a credit of its own.
{% set members = [0, 1, 2, 3] %}
{% set months = ['month_number_0', 'month_number_1', 'month_number_2', 'month_number_3'] %}
{% set amounts = ['amount_0', 'amount_1', 'amount_2', 'amount_3'] %}
{% set days = ['day_0', 'day_1', 'day_2', 'day_3'] %}

with payer_months as (
    select *
    from {{ ref('payer_months') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number', 4) }}
),

regular_payers as (
    select
        customer_sk,
        payer_sk,
        payer_code,
        min(month_number) as regular_from
    from {{ ref('payer_months') }}
    where has_regular_income
    group by customer_sk, payer_sk, payer_code
),

regularly_paid as (
    select
        customer_sk,
        min(regular_from) as regular_from
    from regular_payers
    group by customer_sk
),

-- a month with nothing but contra entries is no credited one
credited as (
    select
        *,
        lead(month_number) over payer as next_month_number,
        {%- for member in members[1:] %}
        lag(month_number, {{ member }}) over payer as month_number_{{ member }},
        lag(credit_amount, {{ member }}) over payer as amount_{{ member }},
        lag(first_credit_day, {{ member }}) over payer as day_{{ member }},
        {%- endfor %}
        month_number as month_number_0,
        credit_amount as amount_0,
        first_credit_day as day_0
    from payer_months
    where first_credit_day is not null
    window payer as (partition by customer_sk, payer_sk, payer_code order by month_number)
),

evaluated as (
    select
        credited.*,
        months.as_of_date as evaluated_date,
        months.month_number as evaluated_month_number
    from credited
    inner join {{ ref('ledger_months') }} as months
        on
            credited.month_number = months.month_number
            or (
                credited.month_number + 1 = months.month_number
                and coalesce(credited.next_month_number > months.month_number, true)
            )
    where {{ is_customer_rebuilt('credited.customer_sk', 'months.month_number') }}
),

-- members outside the four months drop out
windowed as (
    select
        customer_sk,
        payer_sk,
        payer_code,
        evaluated_date,
        {%- for member in members %}
        case when evaluated_month_number - month_number_{{ member }} <= 3 then month_number_{{ member }} end
            as month_number_{{ member }},
        case when evaluated_month_number - month_number_{{ member }} <= 3 then amount_{{ member }} end
            as amount_{{ member }},
        case when evaluated_month_number - month_number_{{ member }} <= 3 then day_{{ member }} end
            as day_{{ member }},
        {%- endfor %}
        evaluated_month_number
    from evaluated
),

measured as (
    select
        *,
        {{ count_known(months) }} as credited_count,
        {{ count_known(amounts) }} as known_count,
        {{ sum_of_cents(amounts) }} as cents_sum,
        {{ sum_of_cents(amounts, power=2) }} as cents_square_sum,
        least(amount_0, amount_1, amount_2, amount_3) as least_amount,
        greatest(amount_0, amount_1, amount_2, amount_3) as greatest_amount,
        {{ least_arc(days) }} as day_spread
    from windowed
),

judged as (
    select
        *,
        credited_count >= {{ rule_parameter('salary_minimum_months') }}
        and known_count = credited_count
        and cents_sum > 0
        and day_spread <= {{ rule_parameter('salary_maximum_day_spread') }}
        and {{ sample_cv('credited_count', 'cents_sum', 'cents_square_sum') }}
        <= {{ rule_parameter('salary_maximum_cv') }} as is_regular_amount,
        case
            when credited_count = 3 then (amount_0 + amount_1 + amount_2) - least_amount - greatest_amount
            else {{ round_quotient(
                'cents_sum - ' ~ scaled('(least_amount + greatest_amount)', 100), '2'
            ) }}
        end as median_amount,
        -- the newest three, whatever the window holds
        amount_0 + amount_1 + amount_2
        - least(amount_0, amount_1, amount_2) - greatest(amount_0, amount_1, amount_2) as newest_median_amount
    from measured
)

-- once anybody has paid a regular income, nobody else counts
select
    judged.customer_sk,
    judged.payer_sk,
    judged.payer_code,
    judged.evaluated_date as as_of_date,
    judged.evaluated_month_number as month_number,
    judged.month_number_0,
    judged.month_number_1,
    judged.month_number_2,
    judged.cents_sum,
    cast(judged.median_amount as decimal(18, 2)) as median_amount,
    cast(judged.newest_median_amount as decimal(18, 2)) as newest_median_amount
from judged
left join regularly_paid on judged.customer_sk = regularly_paid.customer_sk
left join regular_payers
    on
        judged.customer_sk = regular_payers.customer_sk
        and judged.payer_sk = regular_payers.payer_sk
        and judged.payer_code = regular_payers.payer_code
where
    judged.is_regular_amount
    and (
        regular_payers.regular_from <= judged.evaluated_month_number
        or coalesce(regularly_paid.regular_from > judged.evaluated_month_number, true)
    )
