with {{ judged_rows('market', 'interest_rates', codes=ref('canonical_codes')) }}

select
    *,
    row_rejection as rejection
from deduplicated
