select
    movements.as_of_date,
    movements.dimension,
    movements.from_segment_code,
    movements.from_segment_label,
    movements.from_segment_label_zh,
    movements.to_segment_code,
    movements.to_segment_label,
    movements.to_segment_label_zh,
    movements.is_moved,
    movements.customer_count,
    movements.previous_adb_1m,
    movements.adb_1m,
    movements.previous_aum_1m,
    movements.aum_1m
from {{ ref('segment_movements_monthly') }} as movements
