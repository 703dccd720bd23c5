-- A tag of a number lasts on a month-end if and only if the newest published value lies within the bounds in force: the
-- history of tags against the features themselves, on the newest month-end.
{%- set names = customer_feature_names('number') %}

with newest as (
    select features.*, versions.rule_version
    from {{ ref('customer_features') }} as features
    inner join {{ ref('month_rule_versions') }} as versions on features.as_of_date = versions.as_of_date
    where features.as_of_date = (select max(months.as_of_date) from {{ ref('ledger_months') }} as months)
),

met as (
    select newest.customer_sk, tags.tag_code, 1 as is_met, 0 as is_lasting
    from newest
    inner join {{ ref('tags') }} as tags
        on newest.rule_version = tags.rule_version and tags.customer_types in ('all', newest.customer_type_code)
    where
        tags.feature in ('{{ names | join("', '") }}')
        and case tags.feature
            {%- for name in names %}
            when '{{ name }}' then newest.{{ name }} >= tags.min_value and newest.{{ name }} < tags.below_value
            {%- endfor %}
        end
),

lasting as (
    select intervals.customer_sk, intervals.tag_code, 0 as is_met, 1 as is_lasting
    from {{ ref('customer_tag_intervals') }} as intervals
    inner join {{ ref('tags') }} as tags
        on intervals.tag_code = tags.tag_code and intervals.rule_version = tags.rule_version
    where intervals.valid_to is null and tags.feature in ('{{ names | join("', '") }}')
),

compared as (
    select * from met
    union all
    select * from lasting
)

select customer_sk, tag_code, sum(is_met) as is_met, sum(is_lasting) as is_lasting
from compared
group by customer_sk, tag_code
having sum(is_met) <> 1 or sum(is_lasting) <> 1
