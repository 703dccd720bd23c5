select
    customer_key,
    merged_customer_key,
    evidence_code
from {{ ref('stg_core__merged_customers') }}
