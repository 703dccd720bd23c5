with {{ judged_rows('market', 'fx_rates') }}

select
    *,
    row_rejection as rejection
from deduplicated
