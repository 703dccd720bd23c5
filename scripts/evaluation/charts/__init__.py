"""The report's charts, as SVG.

No wall clock and no random ids: the same numbers give the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import matplotlib as mpl

from scripts.evaluation.charts.canvas import STYLE
from scripts.evaluation.charts.movement import holds, migration, stability_trend, stress
from scripts.evaluation.charts.outcomes import discrimination, fairness, outcomes_by_class, signals
from scripts.evaluation.charts.portfolio import alerts, capture_curve, shares_by_class, sizes_over_time
from scripts.evaluation.release import Release

Draw = Callable[[Release, str], str | None]

CHARTS: dict[str, Draw] = {
    "sizes": sizes_over_time,
    "shares": shares_by_class,
    "migration": migration,
    "capture": capture_curve,
    "stability": stability_trend,
    "holds": holds,
    "stress": stress,
    "outcomes": outcomes_by_class,
    "discrimination": discrimination,
    "signals": signals,
    "alerts": alerts,
    "fairness": fairness,
}


def draw(release: Release, name: str, language: str) -> str | None:
    """A chart in one language; None when there is nothing to draw."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(STYLE):
        return CHARTS[name](release, language)
