"""The default parameters of segments, scores and classes, written down from the specification (sections 4, 6, 10).

The warehouse keeps them in seeds; the oracle keeps them here, so that a typo in a seed is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Points = tuple[tuple[Fraction, Fraction], ...]  # (value, normalised value), linear between, flat outside


def points(*pairs: tuple[object, object]) -> Points:
    """The frozen points of a piecewise linear curve, exactly."""
    return tuple((Fraction(value), Fraction(normalised)) for value, normalised in pairs)


# ---- need (section 10, need components) ----


@dataclass(frozen=True)
class Component:
    """One weighted part of a need score: 0 at the floor, 1 at the cap, linear between."""

    feature: str
    weight: Fraction
    cap: Fraction
    floor: Fraction = Fraction(0)


def _component(feature: str, weight: int, cap: object, floor: object = 0) -> Component:
    return Component(feature, Fraction(weight), Fraction(cap), Fraction(floor))


@dataclass(frozen=True)
class NeedRules:
    """The components of the three scores, and what makes the best one the segment."""

    components: tuple[tuple[str, tuple[Component, ...]], ...] = (
        (
            "wealth",
            (
                _component("market_value_share", 35, "0.5"),
                _component("term_share", 20, "0.6"),
                _component("aum_1m", 30, 500_000),
                _component("risk_level_code", 15, 5),  # C1 … C5 = 20 … 100
            ),
        ),
        (
            "financing",
            (
                _component("has_loan", 40, 1),
                _component("loan_instalment_count_12m", 30, 12),
                _component("outflow_inflow_ratio_12m", 30, "1.1", "0.8"),
            ),
        ),
        (
            "settlement",
            (
                _component("customer_txn_per_month_12m", 40, 20),
                _component("outflow_turnover_12m", 25, 12),
                _component("digital_share_12m", 15, "0.8"),
                _component("standing_payment_per_month_12m", 20, 3),
            ),
        ),
    )
    observed_share: Fraction = Fraction(60, 100)  # below it a score is null
    enter_at: Fraction = Fraction(60)
    lead: Fraction = Fraction(10)


# ---- activity (section 4) ----


@dataclass(frozen=True)
class ActivityRules:
    """Days and ratios of the activity states."""

    new_days: int = 90  # fewer are new
    reactivated_days: int = 90  # the length of _90d
    dormant_days: int = 365
    inactive_days: int = 180
    peak_floor: Fraction = Fraction(1_000)
    severe_needed: int = 1
    mild_needed: int = 2
    severe_drawdown: Fraction = Fraction(5, 10)
    severe_balance: Fraction = Fraction(5, 10)
    severe_retained: Fraction = Fraction(5, 10)
    mild_balance: Fraction = Fraction(7, 10)
    mild_adb: Fraction = Fraction(7, 10)
    mild_transactions: Fraction = Fraction(7, 10)
    recency_days: Fraction = Fraction(60)
    recency_gaps: Fraction = Fraction(3)


# ---- deposit stability (section 4) ----


@dataclass(frozen=True)
class StabilityRules:
    """The insured limit, what establishes a relation, and how much runs off."""

    insured_limit: Fraction = Fraction(500_000)
    tenure_months: int = 12
    primacy_score: int = 5
    stable_runoff: Fraction = Fraction(5, 100)
    less_stable_runoff: Fraction = Fraction(10, 100)


# ---- scores (sections 6 and 10) ----

BALANCE_POINTS = points((0, 0), (10_000, 30), (50_000, 50), (500_000, 85), (2_000_000, 100))
CONTRIBUTION_POINTS = points((-500, 0), (0, 20), (5_000, 80), (20_000, 100))
TRANSACTION_POINTS = points((0, 0), (10, 80), (30, 100))
PRODUCT_LINE_POINTS = points((1, 20), (3, 75), (5, 100))
RATING_SCORES = {"AAA": 100, "AA": 90, "A": 80, "BBB": 65, "BB": 50, "B": 35, "C": 15, "D": 0}
DPD_POINTS = points((0, 100), (1, 80), (30, 50), (90, 0))
NPL_POINTS = points((0, 100), ("0.5", 0))
VOLATILITY_POINTS = points((0, 100), ("1.5", 0))
OVERDRAFT_MONTH_LOSS = Fraction(10)
INCOME_POINTS = points((0, 0), (10_000, 60), (50_000, 100))
GROWTH_POINTS = points(("-0.3", 0), (0, 50), ("0.3", 100))
OCCUPATION_SCORES = {"high": 90, "medium": 60, "low": 30}
LIFE_STAGE_SCORES = {
    "young_family": 90,
    "young_single": 70,
    "mature_family": 60,
    "student": 50,
    "retired": 30,
}
REVENUE_POINTS = points((0, 0), (20_000_000, 60), (400_000_000, 100))
SIZE_SCORES = {"micro": 40, "small": 60, "medium": 80, "large": 100}
TENURE_POINTS = points((0, 30), (60, 80), (120, 100))
GAP_PRIMACY, GAP_PRIMACY_FACTOR = Fraction(10), Fraction(5)
GAP_LINES, GAP_LINE_FACTOR = Fraction(5), Fraction(10)


@dataclass(frozen=True)
class ScoreRules:
    """Weights of the dimensions, the weight that must be observed, and the grades of confidence."""

    dimension_weights: tuple[tuple[str, Fraction], ...] = (
        ("contribution", Fraction(40)),
        ("risk", Fraction(30)),
        ("potential", Fraction(30)),
    )
    observed_share: Fraction = Fraction(60, 100)  # below it a dimension is null
    grades: tuple[tuple[str, Fraction], ...] = (("A", Fraction(90, 100)), ("B", Fraction(75, 100)))
    lowest_grade: str = "C"


@dataclass(frozen=True)
class ClassRules:
    """Thresholds of the classes, and for how long `quality` is kept."""

    veto_days_past_due: int = 90  # more is a veto
    veto_five_class: int = 3  # this or worse is a veto
    veto_risk_score: Fraction = Fraction(40)  # less is a veto
    quality_composite: Fraction = Fraction(70)
    quality_risk: Fraction = Fraction(60)
    potential: Fraction = Fraction(60)
    hold_months: int = 6
