select
    sizes.as_of_date,
    sizes.dimension,
    sizes.segment_code,
    sizes.segment_rank,
    sizes.segment_label,
    sizes.segment_label_zh,
    sizes.customer_count,
    sizes.customer_share,
    sizes.month_end_balance,
    sizes.adb_1m,
    sizes.aum_1m
from {{ ref('segment_sizes_monthly') }} as sizes
