-- A tag of a number lasts in the newest month if and only if the customer's value lies within the bounds in force: the
-- history of tags against the features themselves.
{%- set names = customer_feature_names('number') %}

with ledger as (
    select max(as_of_date) as as_of_date from {{ ref('ledger_months') }}
),

newest as (
    select
        features.*,
        versions.rule_version
    from {{ ref('customer_features') }} as features
    inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
    inner join ledger on features.as_of_date = ledger.as_of_date
    where {{ is_customer_tested('customer_sk', 'features.customer_sk', 'features.as_of_date') }}
),

number_tags as (
    select * from {{ ref('tags') }}
    where feature in ({{ quoted(names) }})
),

met as (
    select
        newest.customer_sk,
        number_tags.tag_code,
        1 as is_met,
        0 as is_lasting
    from newest
    inner join number_tags
        on
            newest.rule_version = number_tags.rule_version
            and number_tags.customer_types in ('all', newest.customer_type_code)
    where
        {{ feature_value('number_tags.feature', names) }} >= number_tags.min_value
        and {{ feature_value('number_tags.feature', names) }} < number_tags.below_value
),

lasting as (
    select
        intervals.customer_sk,
        intervals.tag_code,
        0 as is_met,
        1 as is_lasting
    from {{ ref('customer_tag_intervals') }} as intervals
    inner join number_tags
        on intervals.tag_code = number_tags.tag_code and intervals.rule_version = number_tags.rule_version
    cross join ledger
    where
        intervals.valid_to is null
        and {{ is_customer_tested('customer_sk', 'intervals.customer_sk', 'ledger.as_of_date') }}
),

compared as (
    select * from met
    union all
    select * from lasting
)

select
    customer_sk,
    tag_code,
    sum(is_met) as is_met,
    sum(is_lasting) as is_lasting
from compared
group by customer_sk, tag_code
having sum(is_met) <> 1 or sum(is_lasting) <> 1
