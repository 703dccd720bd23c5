{{ config(
    materialized='incremental', incremental_strategy='rebuild_months', on_schema_change='fail',
    meta={'is_made_by_month': true}
) }}

-- What each segment is: its size, its money, its complaints and exposures.
with customers as (
    select
        customers.*,
        complaints.complaint_count,
        complaints.resolved_count,
        case
            when customers.month_end_balance is not null then coalesce(exposures.foreign_balance, 0)
        end as foreign_balance
    from {{ ref('int_evaluation_customers') }} as customers
    left join {{ ref('int_complaints') }} as complaints
        on customers.customer_sk = complaints.customer_sk and customers.as_of_date = complaints.as_of_date
    left join {{ ref('int_currency_exposures') }} as exposures
        on customers.customer_sk = exposures.customer_sk and customers.as_of_date = exposures.as_of_date
    where {{ is_month_rebuilt('customers.month_number') }} and {{ is_read('customers.as_of_date') }}
),

{% set measures = {
    'adb_1m': 'sum(adb_1m)',
    'contribution_12m': 'sum(contribution_12m)',
    'month_end_balance': 'sum(month_end_balance)',
    'foreign_balance': 'sum(foreign_balance)',
    'aum_1m': 'sum(aum_1m)',
    'market_value': 'sum(case when aum_1m is not null then market_value end)',
    'valuation_change_1m': 'sum(case when aum_1m is not null then valuation_change_1m end)',
    'complaining_count': 'count(complaint_count)',
    'complaint_count': 'sum(complaint_count)',
    'resolved_count': 'sum(resolved_count)',
} %}
{% set aggregates = ['count(*) as customer_count'] %}
{% for name, aggregate in measures.items() %}
{%- do aggregates.append(aggregate ~ ' as ' ~ name) %}
{%- endfor %}

counted as (
    {{ counted_by_segment('customers', ['as_of_date'], aggregates | join(',\n        ')) }}
),

months as (
    select distinct
        as_of_date,
        dimension
    from counted
),

-- a segment that nobody is in holds nothing, which is known
completed as (
    select
        months.as_of_date,
        months.dimension,
        codes.code as segment_code,
        {%- for name in measures %}
        case when counted.segment_code is null then 0 else counted.{{ name }} end as {{ name }},
        {%- endfor %}
        coalesce(counted.customer_count, 0) as customer_count
    from months
    inner join {{ ref('classification_codes') }} as codes on months.dimension = codes.dimension
    left join counted
        on
            months.as_of_date = counted.as_of_date
            and months.dimension = counted.dimension
            and codes.code = counted.segment_code
),

shared as (
    select
        *,
        cast(sum(customer_count) over whole as bigint) as all_customer_count,
        sum(adb_1m) over whole as all_adb_1m,
        sum(contribution_12m) over whole as all_contribution_12m,
        case when {{ is_landed('crm', 'interactions') }} then customer_count end as known_customer_count
    from completed
    window whole as (partition by as_of_date, dimension)
),

totals as (
    select
        as_of_date,
        dimension,
        cast(sum(customer_count) as bigint) as customer_count,
        cast(sum(case when segment_code in ('unclassified', 'not_evaluable') then 0 else customer_count end) as bigint)
            as classified_count,
        sum(cast(customer_count as {{ type_exact_integer() }}) * customer_count) as square_sum,
        sum(month_end_balance) as month_end_balance,
        sum(foreign_balance) as foreign_balance,
        sum(aum_1m) as aum_1m,
        sum(market_value) as market_value,
        sum(valuation_change_1m) as valuation_change_1m,
        sum(complaining_count) as complaining_count,
        sum(complaint_count) as complaint_count,
        sum(resolved_count) as resolved_count,
        sum(known_customer_count) as known_customer_count
    from shared
    where customer_count > 0  -- what nobody has doesn't make known what of all others is unknown
    group by as_of_date, dimension
),

described as (
    select
        as_of_date, dimension, segment_code, customer_count, month_end_balance, foreign_balance, aum_1m, market_value,
        valuation_change_1m, complaining_count, complaint_count, resolved_count, known_customer_count
    from shared
    where dimension in ('value_tier', 'class')
    union all
    select
        as_of_date, dimension, 'all' as segment_code, customer_count, month_end_balance, foreign_balance, aum_1m,
        market_value, valuation_change_1m, complaining_count, complaint_count, resolved_count, known_customer_count
    from totals
    where dimension in ('value_tier', 'class')
)

{% set by_segment = {'dimension': 'dimension', 'segment_code': 'segment_code'} -%}
{{ measured_rows('coverage', 'totals', 'classified_count', 'customer_count', dimension='dimension') }}
union all
{{ measured_rows(
    'segment_concentration', 'totals', 'square_sum',
    'cast(customer_count as ' ~ type_exact_integer() ~ ') * customer_count', sample_size='customer_count',
    dimension='dimension'
) }}
union all
{{ measured_rows('customer_share', 'shared', 'customer_count', 'all_customer_count', **by_segment) }}
union all
{{ measured_rows('balance_share', 'shared', 'adb_1m', 'all_adb_1m', sample_size='customer_count', **by_segment) }}
union all
{{ measured_rows(
    'contribution_share', 'shared', 'contribution_12m', 'all_contribution_12m', sample_size='customer_count',
    **by_segment
) }}
union all
{{ measured_rows('complaint_rate', 'described', 'complaining_count', 'known_customer_count', **by_segment) }}
union all
{{ measured_rows('resolution_rate', 'described', 'resolved_count', 'complaint_count', **by_segment) }}
union all
{{ measured_rows(
    'foreign_currency_share', 'described', 'foreign_balance', 'month_end_balance', sample_size='customer_count',
    **by_segment
) }}
union all
{{ measured_rows(
    'investment_share', 'described', 'market_value', 'aum_1m', sample_size='customer_count', **by_segment
) }}
union all
{{ measured_rows(
    'valuation_change_share', 'described', 'valuation_change_1m', 'aum_1m', sample_size='customer_count', **by_segment
) }}
