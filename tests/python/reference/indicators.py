"""The indicators of the three dimensions: where each gets its raw value, and how that becomes 0–100.

An indicator's normalised value is None where the raw value is unknown; whether that is a missing value or one that
doesn't apply is for the scores to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from . import defaults
from .defaults import Points
from .rows import HUNDRED, ZERO, Row, clip, number

INDIVIDUAL, CORPORATE = "individual", "corporate"
EVERYBODY = frozenset({INDIVIDUAL, CORPORATE})

Normalise = Callable[[Row], Fraction | None]


@dataclass(frozen=True)
class Indicator:
    """One weighted line of a dimension."""

    code: str
    dimension: str
    weight: Fraction
    normalise: Normalise
    party_types: frozenset[str] = EVERYBODY
    needs_exposure: bool = False  # without credit it doesn't apply


def interpolate(value: Fraction, points: Points) -> Fraction:
    """Linear between the frozen points, flat outside them."""
    for (left, low), (right, high) in pairwise(points):
        if left <= value < right:
            return low + (high - low) * (value - left) / (right - left)
    return points[0][1] if value < points[0][0] else points[-1][1]


def by_points(feature: str, points: Points) -> Normalise:
    """A feature on a curve."""

    def _normalise(row: Row) -> Fraction | None:
        value = number(row, feature)
        return None if value is None else interpolate(value, points)

    return _normalise


def by_code(feature: str, scores: Mapping[str, int]) -> Normalise:
    """A code's own score; a code without one is unknown."""

    def _normalise(row: Row) -> Fraction | None:
        score = scores.get(row[feature])
        return None if score is None else Fraction(score)

    return _normalise


def volatility(row: Row) -> Fraction | None:
    """The balance's variation on its curve, less ten for each month in overdraft as far as those are known."""
    variation, overdraft_months = number(row, "balance_cv_6m"), number(row, "overdraft_months_12m")
    if variation is None:
        return None
    loss = defaults.OVERDRAFT_MONTH_LOSS * (overdraft_months or ZERO)
    return clip(interpolate(variation, defaults.VOLATILITY_POINTS) - loss, ZERO, HUNDRED)


def product_gap(row: Row) -> Fraction | None:
    """What a customer doesn't do with this bank yet: (10 − primacy) × 5 + (5 − product lines) × 10."""
    primacy, lines = number(row, "primacy_score"), number(row, "product_line_count")
    if primacy is None or lines is None:
        return None
    gap = (defaults.GAP_PRIMACY - primacy) * defaults.GAP_PRIMACY_FACTOR
    gap += (defaults.GAP_LINES - lines) * defaults.GAP_LINE_FACTOR
    return clip(gap, ZERO, HUNDRED)


def _of(dimension: str, *lines: tuple, party_types: frozenset[str] = EVERYBODY) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(code, dimension, Fraction(weight), normalise, party_types, bool(flags))
        for code, weight, normalise, *flags in lines
    )


NEEDS_EXPOSURE = True

INDICATORS = (
    *_of(
        "contribution",
        ("adb_12m", 12, by_points("adb_12m", defaults.BALANCE_POINTS)),
        ("aum_1m", 8, by_points("aum_1m", defaults.BALANCE_POINTS)),
        ("contribution_12m", 12, by_points("contribution_12m", defaults.CONTRIBUTION_POINTS)),
        ("customer_txn_per_month_12m", 5, by_points("customer_txn_per_month_12m", defaults.TRANSACTION_POINTS)),
        ("product_line_count", 3, by_points("product_line_count", defaults.PRODUCT_LINE_POINTS)),
    ),
    *_of(
        "risk",
        ("credit_rating_code", 10, by_code("credit_rating_code", defaults.RATING_SCORES), NEEDS_EXPOSURE),
        ("max_dpd_12m", 10, by_points("max_dpd_12m", defaults.DPD_POINTS), NEEDS_EXPOSURE),
        ("npl_share", 5, by_points("npl_share", defaults.NPL_POINTS), NEEDS_EXPOSURE),
        ("volatility", 5, volatility),
    ),
    *_of(
        "potential",
        ("income_level_amount", 6, by_points("income_level_amount", defaults.INCOME_POINTS)),
        ("income_growth_12m", 8, by_points("income_growth_12m", defaults.GROWTH_POINTS)),
        ("occupation_stability_code", 4, by_code("occupation_stability_code", defaults.OCCUPATION_SCORES)),
        ("life_stage_code", 4, by_code("life_stage_code", defaults.LIFE_STAGE_SCORES)),
        party_types=frozenset({INDIVIDUAL}),
    ),
    *_of(
        "potential",
        ("annual_revenue_amount", 6, by_points("annual_revenue_amount", defaults.REVENUE_POINTS)),
        ("inflow_growth_12m", 8, by_points("inflow_growth_12m", defaults.GROWTH_POINTS)),
        ("enterprise_size_code", 4, by_code("enterprise_size_code", defaults.SIZE_SCORES)),
        ("tenure_months", 4, by_points("tenure_months", defaults.TENURE_POINTS)),
        party_types=frozenset({CORPORATE}),
    ),
    *_of("potential", ("product_gap", 8, product_gap)),
)
