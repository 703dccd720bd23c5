-- What a person must look at in the newest month, and by when.
with newest as (
    select as_of_date, month_number, rule_version
    from {{ ref('month_rule_versions') }}
    where month_number = (select max(newest.month_number) as month_number from {{ ref('ledger_months') }} as newest)
),

thresholds as (
    {{ action_thresholds(['review_balance', 'judgement_notice_days']) }}
),

contacts as (
    select
        contacts.customer_sk,
        contacts.interaction_type_code || '_open' as reason_code,
        contacts.interaction_key as subject_code,
        cast(contacts.occurred_at as date) as raised_date,
        cast(null as date) as ending_date
    from {{ ref('stg_crm__interactions') }} as contacts
    cross join newest
    where
        contacts.interaction_type_code in ('objection', 'complaint')
        and coalesce(contacts.outcome_code, 'open') = 'open'
        and cast(contacts.occurred_at as date) <= newest.as_of_date
),

-- a record whose merge is blocked is a party of its own, so its key is the party's
blocked as (
    select distinct
        parties.customer_sk,
        findings.reason_code,
        'customer' as subject_code,
        newest.as_of_date as raised_date,
        cast(null as date) as ending_date
    from {{ ref('stg_landing__findings') }} as findings
    inner join {{ ref('stg_core__parties') }} as parties on findings.key_hash = parties.customer_key
    cross join newest
    where findings.reason_code = 'merge_blocked' and findings.table_name = 'customers'
),

-- a balance that is unknown may be a large one
unclassified as (
    select
        customers.customer_sk,
        'not_evaluable' as reason_code,
        dimensions.dimension as subject_code,
        customers.as_of_date as raised_date,
        cast(null as date) as ending_date
    from {{ ref('int_newest_customers') }} as customers
    inner join {{ ref('customer_classes') }} as classes
        on customers.customer_sk = classes.customer_sk and customers.as_of_date = classes.as_of_date
    inner join thresholds on customers.rule_version = thresholds.rule_version
    inner join {{ ref('classification_codes') }} as dimensions
        on
            dimensions.code = 'unclassified'
            and (
                (dimensions.dimension = 'value_tier' and customers.value_tier_code = 'unclassified')
                or (dimensions.dimension = 'need' and customers.need_segment_code = 'unclassified')
                or (dimensions.dimension = 'class' and classes.customer_class_code = 'unclassified')
            )
    where coalesce(customers.month_end_balance >= thresholds.review_balance, true)
),

ending as (
    select
        judgements.customer_sk,
        'judgement_ending' as reason_code,
        judgements.dimension as subject_code,
        newest.as_of_date as raised_date,
        min(judgements.valid_to) as ending_date
    from {{ ref('stg_crm__judgements') }} as judgements
    cross join newest
    inner join thresholds on newest.rule_version = thresholds.rule_version
    where
        judgements.is_approved
        and judgements.valid_from <= newest.as_of_date
        and judgements.valid_to >= newest.as_of_date
        and {{ days_between('newest.as_of_date', 'judgements.valid_to') }} <= thresholds.judgement_notice_days
    group by judgements.customer_sk, judgements.dimension, newest.as_of_date
),

escheat as (
    select
        customer_sk,
        'escheat_due' as reason_code,
        'customer' as subject_code,
        as_of_date as raised_date,
        cast(null as date) as ending_date
    from {{ ref('int_newest_customers') }}
    where is_escheat_due
),

raised as (
    select * from contacts
    union all
    select * from blocked
    union all
    select * from unclassified
    union all
    select * from ending
    union all
    select * from escheat
)

select
    raised.customer_sk,
    newest.as_of_date,
    raised.reason_code,
    raised.subject_code,
    raised.raised_date,
    coalesce(raised.ending_date, {{ days_after('raised.raised_date', 'reasons.due_days') }}) as due_date,
    newest.rule_version
from raised
cross join newest
inner join {{ ref('manual_review_reasons') }} as reasons
    on newest.rule_version = reasons.rule_version and raised.reason_code = reasons.reason_code
