-- Which party each accepted customer record belongs to. Only an identity document merges records; two different
-- birth dates among the records of a document block the merge of all of them.
with customers as (
    select *
    from {{ ref('core__customers_judged') }}
    where rejection is null
),

documents as (
    select
        customer_id,
        birth_date,
        customer_since_date,
        id_document_type,
        nullif({{ letters_and_digits('upper(id_document_number)') }}, '') as document_number
    from customers
    where id_document_type is not null
),

identified as (
    select documents.*
    from documents
    left join {{ ref('document_placeholders') }} as placeholders
        on documents.document_number = {{ letters_and_digits('upper(placeholders.placeholder)') }}
    where
        documents.document_number is not null
        and placeholders.placeholder is null
        -- one digit repeated is a placeholder too
        and not (
            substr(documents.document_number, 1, 1) between '0' and '9'
            and replace(documents.document_number, substr(documents.document_number, 1, 1), '') = ''
        )
),

shared_documents as (
    select
        id_document_type,
        document_number,
        count(distinct birth_date) > 1 as is_merge_blocked
    from identified
    group by id_document_type, document_number
    having count(*) > 1
),

survivors as (
    select
        identified.customer_id,
        shared_documents.is_merge_blocked,
        first_value(identified.customer_id) over (
            partition by identified.id_document_type, identified.document_number
            order by
                case when identified.customer_since_date is null then 1 else 0 end,
                identified.customer_since_date,
                {{ by_bytes('identified.customer_id') }}
        ) as surviving_customer_id
    from identified
    inner join shared_documents
        on
            identified.id_document_type = shared_documents.id_document_type
            and identified.document_number = shared_documents.document_number
),

members as (
    select
        customers.customer_id,
        customers.landed_file,
        customers.landed_row,
        coalesce(survivors.is_merge_blocked, false) as is_merge_blocked,
        case
            when survivors.is_merge_blocked or survivors.customer_id is null then customers.customer_id
            else survivors.surviving_customer_id
        end as surviving_customer_id
    from customers
    left join survivors on customers.customer_id = survivors.customer_id
),

hashed as (
    select
        *,
        row_number() over (
            partition by surviving_customer_id
            order by {{ by_bytes('customer_id') }}
        ) as member_rank,
        {{ keyed_hash('customer_id') }} as member_key,
        {{ keyed_hash('surviving_customer_id') }} as customer_key
    from members
)

select
    *,
    {{ surrogate_key('customer_key') }} as customer_sk,
    {{ surrogate_key('member_key') }} as member_sk
from hashed
