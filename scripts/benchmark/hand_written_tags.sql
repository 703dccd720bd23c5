-- The third script of the benchmark, tags: when customers got and lost them. The models look at every tag of every
-- customer's month, then for each that was met in the month before. Here the tags of a month are the bits of two whole
-- numbers: a month is compared with its neighbours by three operations on them, and only what changed becomes a row. The
-- conditions are made from the seed.
--
-- input: customer_features
-- input: customer_value_tiers
-- input: customer_needs
-- input: customer_activity_states
-- input: customer_deposit_stability
-- input: month_rule_versions
-- result: customer_tag_events

create schema result;

create temp table tags as
select
    *,
    row_number() over (partition by code_value is not distinct from '*' order by tag_code) - 1 as tag_number
from work.seeds.tags;

create temp view facts as
select
    features.*,
    tiers.* exclude (customer_sk, as_of_date, rule_version),
    needs.* exclude (customer_sk, as_of_date, month_number),
    activities.* exclude (customer_sk, as_of_date, month_number, last_activity_date),
    stabilities.* exclude (customer_sk, as_of_date, month_number),
    versions.month_number
from work.features.customer_features as features
inner join work.panel.month_rule_versions as versions on features.as_of_date = versions.as_of_date
left join work.segments.customer_value_tiers as tiers
    on features.customer_sk = tiers.customer_sk and features.as_of_date = tiers.as_of_date
left join work.segments.customer_needs as needs
    on features.customer_sk = needs.customer_sk and features.as_of_date = needs.as_of_date
left join work.segments.customer_activity_states as activities
    on features.customer_sk = activities.customer_sk and features.as_of_date = activities.as_of_date
left join work.segments.customer_deposit_stability as stabilities
    on features.customer_sk = stabilities.customer_sk and features.as_of_date = stabilities.as_of_date;

create temp table conditions as
select
    tag_number,
    code_value is not distinct from '*' as is_text,
    feature,
    kind,
    case customer_types when 'all' then 'true' else format('customer_type_code = ''{}''', customer_types) end
    || case
        when kind = 'fact' and code_value = '*' then format(' and {} is not null', feature)
        when kind = 'fact' then format(' and {} = ''{}''', feature, code_value)
        else
            format(' and cast({} as double) < cast(''{}'' as double)', feature, below_value)
            || format(' and cast({} as double) >= cast(''{}'' as double)', feature, min_value)
    end as condition
from tags;

set variable bits = (
    select string_agg(columns, ', ')
    from (
        select
            '0::bigint' || string_agg(
                format(' | case when {} then {}::bigint else 0 end', condition, 1::bigint << (tag_number % 48)), ''
            ) || format(' as bits_{}', tag_number // 48) as columns
        from conditions
        where not is_text
        group by tag_number // 48
        union all
        select format('case when {} then {} end as text_{}', condition, feature, tag_number)
        from conditions
        where is_text
    )
);

create temp table bits as
from query('select customer_sk, month_number, ' || getvariable('bits') || ' from facts');

-- what is new in a month, and what doesn't last into the next one
create temp table changes as
with beside as (
    select
        *,
        coalesce(lag(month_number) over one_customer = month_number - 1, false) as follows,
        coalesce(lead(month_number) over one_customer = month_number + 1, false) as lasts,
        lag(bits_0) over one_customer as bits_0_before,
        lag(bits_1) over one_customer as bits_1_before,
        lead(bits_0) over one_customer as bits_0_after,
        lead(bits_1) over one_customer as bits_1_after,
        lag([text_0, text_1, text_2]) over one_customer as texts_before,
        lead([text_0, text_1, text_2]) over one_customer as texts_after
    from bits
    window one_customer as (partition by customer_sk order by month_number)
),

opened as (
    select
        customer_sk, month_number, true as is_opened,
        bits_0 & ~(case when follows then bits_0_before else 0 end) as bits_0,
        bits_1 & ~(case when follows then bits_1_before else 0 end) as bits_1,
        [text_0, text_1, text_2] as texts,
        case when follows then texts_before else [null, null, null] end as others
    from beside
),

closed as (
    select
        customer_sk, month_number, false as is_opened,
        bits_0 & ~(case when lasts then bits_0_after else 0 end) as bits_0,
        bits_1 & ~(case when lasts then bits_1_after else 0 end) as bits_1,
        [text_0, text_1, text_2] as texts,
        case when lasts then texts_after else [null, null, null] end as others
    from beside
    where month_number < (select max(month_number) from work.panel.month_rule_versions)
),

changed as (
    select * from opened
    union all
    select * from closed
)

select
    customer_sk, month_number, is_opened, false as is_text, cast(null as varchar) as evidence_text,
    unnest(
        list_filter(range(48), lambda n: (bits_0 >> n) & 1 = 1)
        || list_transform(list_filter(range(48), lambda n: (bits_1 >> n) & 1 = 1), lambda n: n + 48)
    ) as tag_number
from changed
where bits_0 <> 0 or bits_1 <> 0
union all
select customer_sk, month_number, is_opened, true, texts[place], place - 1
from changed
cross join (select unnest(range(1, 4)) as place) as places
where texts[place] is not null and texts[place] is distinct from others[place];

set variable evidence = (
    select 'case tag_number' || string_agg(format(' when {} then cast({} as double)', tag_number, feature), '') || ' end'
    from conditions
    where kind = 'rule'
);

-- an event's numbers are those of the last month in which the tag was met
create temp table evidence as
from query(
    'select changes.*, ' || getvariable('evidence') || ' as evidence_value from changes inner join facts'
    || ' on changes.customer_sk = facts.customer_sk and changes.month_number = facts.month_number'
);

create table result.customer_tag_events as
select
    evidence.customer_sk,
    months.as_of_date,
    tags.tag_code,
    evidence.is_opened,
    case when tags.kind = 'rule' then evidence.evidence_value end as evidence_value,
    case when tags.kind = 'fact' then coalesce(evidence.evidence_text, tags.code_value) end as evidence_text,
    tags.min_value,
    tags.below_value,
    tags.rule_version
from evidence
inner join tags
    on evidence.tag_number = tags.tag_number and evidence.is_text = (tags.code_value is not distinct from '*')
inner join work.panel.month_rule_versions as months
    on evidence.month_number + case when evidence.is_opened then 0 else 1 end = months.month_number;
