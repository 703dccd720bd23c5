{{ config(materialized='incremental', incremental_strategy='rebuild_customers', on_schema_change='fail') }}

-- Whether a salary arrives, how much, whether it has stopped, and how it has grown.
with payers as (
    select *
    from {{ ref('int_salary_payers') }}
    where {{ is_customer_rebuilt('customer_sk', 'month_number', 11) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_sk, as_of_date
            order by median_amount desc, cents_sum desc, payer_sk asc, payer_code asc
        ) as payer_rank
    from payers
    where {{ is_customer_rebuilt('customer_sk', 'month_number') }}
),

largest as (
    select * from ranked where payer_rank = 1
),

-- the same payer's credits of the same three months a year earlier
year_ago as (
    select
        largest.customer_sk,
        largest.as_of_date,
        count(earlier.credit_amount) as credited_count,
        cast(sum(earlier.credit_amount) - min(earlier.credit_amount) - max(earlier.credit_amount) as decimal(18, 2))
            as median_amount
    from largest
    inner join {{ ref('payer_months') }} as earlier
        on
            largest.customer_sk = earlier.customer_sk
            and largest.payer_sk = earlier.payer_sk
            and largest.payer_code = earlier.payer_code
            and earlier.month_number + 12 in (largest.month_number_0, largest.month_number_1, largest.month_number_2)
    where earlier.first_credit_day is not null
    group by largest.customer_sk, largest.as_of_date
),

credited as (
    select
        *,
        lead(month_number) over (partition by customer_sk, payer_sk, payer_code order by month_number)
            as next_month_number
    from {{ ref('payer_months') }}
    where first_credit_day is not null and {{ is_customer_rebuilt('customer_sk', 'month_number', 12) }}
),

-- a payer has stopped when it is silent for some months, nobody qualifies, and it qualified within a year
stopped as (
    select distinct
        credited.customer_sk,
        months.as_of_date
    from credited
    inner join {{ ref('ledger_months') }} as months
        on
            credited.month_number + {{ rule_parameter('salary_silence_months') }} <= months.month_number
            and {{ month_or_never('credited.next_month_number') }} > months.month_number
    inner join payers
        on
            credited.customer_sk = payers.customer_sk
            and credited.payer_sk = payers.payer_sk
            and credited.payer_code = payers.payer_code
            and months.month_number - payers.month_number between 1 and 11
    where {{ is_customer_rebuilt('credited.customer_sk', 'months.month_number') }}
)

select
    customer_months.customer_sk,
    customer_months.as_of_date,
    largest.customer_sk is not null as has_salary_inflow,
    largest.median_amount as salary_amount,
    largest.customer_sk is null and stopped.customer_sk is not null as is_salary_stopped,
    largest.newest_median_amount as income_level_amount,
    case
        when year_ago.credited_count = 3
            then {{ ratio('largest.newest_median_amount - year_ago.median_amount', 'year_ago.median_amount') }}
    end as income_growth_12m
from {{ ref('customer_months') }} as customer_months
inner join {{ ref('ledger_months') }} as months on customer_months.as_of_date = months.as_of_date
left join largest
    on customer_months.customer_sk = largest.customer_sk and customer_months.as_of_date = largest.as_of_date
left join year_ago
    on customer_months.customer_sk = year_ago.customer_sk and customer_months.as_of_date = year_ago.as_of_date
left join stopped
    on customer_months.customer_sk = stopped.customer_sk and customer_months.as_of_date = stopped.as_of_date
where {{ is_customer_rebuilt('customer_months.customer_sk', 'months.month_number') }}
