"""Sections 4 and 6 over feature rows, wherever those come from: segments, scores and classes of every row.

    result = classify_rows(features, first_ledger_day, judgements)
    result.segments[customer_key, as_of_date]["activity_state_code"]

The rows must reach back to the first ledger month: holds and clocks look back without end. The value tier has its own
module (`tiers.py`), since it needs no feature but AUM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date

from .activity_state import activity_states
from .classes import customer_classes
from .need import need_of_month
from .rows import Grain, Row, by_customer_and_month
from .scores import Score, ScoreComponent, score_row
from .stability import deposit_stability
from .values import month_end


@dataclass
class Classification:
    """Everything by customer and month-end; numbers are exact fractions."""

    segments: dict[Grain, dict[str, object]] = field(default_factory=dict)
    scores: dict[Grain, dict[str, object]] = field(default_factory=dict)
    components: dict[Grain, tuple[ScoreComponent, ...]] = field(default_factory=dict)


def classify_rows(
    features: Mapping[Grain, Row],
    first_ledger_day: date,
    judgements: Mapping[str, Iterable[dict]] | None = None,
    vetoed: Mapping[str, Iterable[int]] | None = None,
) -> Classification:
    """Classifies every row; judgements and vetoed months (also those without a row) by customer_key."""
    result = Classification()
    for customer_key, rows in by_customer_and_month(features).items():
        judged = list((judgements or {}).get(customer_key, ()))
        scores = {month: score_row(row) for month, row in rows.items()}
        activity = activity_states(rows, first_ledger_day, judged)
        classes = customer_classes(rows, scores, judged, (vetoed or {}).get(customer_key, ()))
        for month, row in rows.items():
            grain = (customer_key, month_end(month))
            result.segments[grain] = {
                **asdict(need_of_month(row, month, judged)),
                **asdict(activity[month]),
                **asdict(deposit_stability(row)),
                **asdict(classes[month]),
            }
            result.scores[grain] = _without_components(scores[month])
            result.components[grain] = scores[month].components
    return result


def _without_components(score: Score) -> dict[str, object]:
    return {one.name: getattr(score, one.name) for one in fields(score) if one.name != "components"}
