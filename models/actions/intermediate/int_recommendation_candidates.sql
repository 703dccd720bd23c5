{%- set numbers = customer_feature_numbers('features') %}

-- What the rules would recommend to a customer, one row a product, with what it is expected to be worth. Who has
-- withdrawn the consent to profiling is matched with what is the same for everybody, and with nothing else.
with rules as (
    select
        rules.*,
        cast(substr(products.risk_level, 2) as integer) as product_risk_level
    from {{ ref('recommendation_rules') }} as rules
    inner join {{ ref('product_codes') }} as products on rules.product_code = products.product_code
),

thresholds as (
    {{ action_thresholds(['wallet_share']) }}
),

customers as (
    select
        customers.customer_sk,
        customers.as_of_date,
        customers.rule_version,
        customers.customer_type_code,
        customers.need_segment_code,
        customers.value_tier_code,
        customers.activity_state_code,
        customers.risk_level_code,
        features.aum_1m as assets_amount,
        permissions.is_profiling_withdrawn,
        {{ named_features(numbers) }}
    from {{ ref('int_newest_customers') }} as customers
    inner join {{ ref('customer_features') }} as features
        on customers.customer_sk = features.customer_sk and customers.as_of_date = features.as_of_date
    inner join {{ ref('int_contact_permissions') }} as permissions on customers.customer_sk = permissions.customer_sk
),

matched as (
    select
        customers.customer_sk,
        customers.as_of_date,
        cast(customers.assets_amount as decimal(18, 2)) as assets_amount,
        customers.is_profiling_withdrawn,
        rules.*,
        cast(rules.acceptance_probability * rules.margin_rate as decimal(18, 12)) as worth_share,
        thresholds.wallet_share,
        {{ feature_value('rules.feature', numbers) }} as feature_value
    from customers
    inner join rules
        on
            customers.rule_version = rules.rule_version
            and {{ takes_in('rules.customer_type', 'customers.customer_type_code') }}
            and {{ takes_in('rules.need_segment_code', 'customers.need_segment_code') }}
            and {{ takes_in('rules.value_tier_code', 'customers.value_tier_code') }}
            and {{ takes_in('rules.activity_state_code', 'customers.activity_state_code') }}
            and {{ takes_in('rules.risk_level_code', 'customers.risk_level_code') }}
    left join thresholds on customers.rule_version = thresholds.rule_version
    where not (customers.is_profiling_withdrawn and rules.is_personalised)
),

-- money is widened first: DuckDB multiplies two short decimals in 64 bits
valued as (
    select
        *,
        case
            when is_personalised
                then cast(round(worth_share * wallet_share * assets_amount, 2) as decimal(18, 2))
        end as expected_value_amount
    from matched
    where feature is null or (feature_value >= min_value and feature_value < below_value)
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_sk, product_code, is_personalised
            order by
                case when expected_value_amount is null then 1 else 0 end,
                expected_value_amount desc,
                {{ by_bytes('recommendation_code') }}
        ) as product_rank
    from valued
)

select
    customer_sk,
    as_of_date,
    rule_version,
    recommendation_code,
    product_code,
    product_risk_level,
    channel_code,
    acceptance_probability,
    margin_rate,
    expected_value_amount,
    is_credit,
    is_personalised,
    is_reactivation,
    is_profiling_withdrawn
from ranked
where product_rank = 1
