with {{ judged_rows('market', 'regions') }}

select
    *,
    row_rejection as rejection
from deduplicated
