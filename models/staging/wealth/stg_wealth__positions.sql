select
    members.customer_sk,
    members.member_sk,
    positions.product_code,
    positions.currency_code,
    positions.position_date,
    positions.market_value as market_value_amount
from {{ ref('wealth__positions_judged') }} as positions
inner join {{ ref('party_members') }} as members on positions.customer_id = members.customer_id
where positions.rejection is null
