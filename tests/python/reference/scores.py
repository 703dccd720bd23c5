"""Scores of one row: points of every indicator, the three dimensions, the composite, and how much was observed.

What is missing leaves numerator and denominator; what doesn't apply does too, but counts as observed. Effective
points are an indicator's share of the composite after both rescalings, so that they add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from .defaults import ScoreRules
from .indicators import INDICATORS, Indicator
from .rows import HUNDRED, ZERO, Row, number, published

OBSERVED, MISSING, NOT_APPLICABLE = "observed", "missing", "not_applicable"


@dataclass(frozen=True)
class ScoreComponent:
    """One indicator of one row; values exact, to be rounded at publication."""

    indicator_code: str
    dimension_code: str
    status_code: str
    weight: Fraction
    normalised_value: Fraction | None = None
    points: Fraction | None = None
    effective_points: Fraction | None = None  # null where the indicator or its dimension doesn't count


@dataclass(frozen=True)
class Score:
    """The scores as published, and what they are made of."""

    contribution_score: Fraction | None
    risk_score: Fraction | None
    potential_score: Fraction | None
    composite_score: Fraction | None
    observed_weight_share: Fraction
    confidence_grade: str
    components: tuple[ScoreComponent, ...]


def score_row(row: Row, rules: ScoreRules | None = None, indicators: Iterable[Indicator] = INDICATORS) -> Score:
    """All scores of one row."""
    rules = rules or ScoreRules()
    bare = [
        _component(row, indicator) for indicator in indicators if row["customer_type_code"] in indicator.party_types
    ]
    by_dimension = {
        dimension: [component for component in bare if component.dimension_code == dimension]
        for dimension, _ in rules.dimension_weights
    }
    scores = {dimension: dimension_score(parts, rules) for dimension, parts in by_dimension.items()}
    present = {dimension: weight for dimension, weight in rules.dimension_weights if scores[dimension] is not None}
    total = sum(present.values(), ZERO)
    composite = sum((weight * scores[dimension] for dimension, weight in present.items()), ZERO)
    components = []
    for component in bare:
        dimension = component.dimension_code
        effective = None
        if component.points is not None and dimension in present:
            dimension_weight = _weight(by_dimension[dimension], OBSERVED)
            effective = HUNDRED * component.points / dimension_weight * present[dimension] / total
        components.append(
            ScoreComponent(
                component.indicator_code,
                dimension,
                component.status_code,
                component.weight,
                component.normalised_value,
                component.points,
                effective,
            )
        )
    share = published(_weight(bare, OBSERVED, NOT_APPLICABLE) / _weight(bare))
    return Score(
        *(published(scores[dimension]) for dimension in ("contribution", "risk", "potential")),
        published(composite / total) if present else None,
        share,
        next((grade for grade, at_least in rules.grades if share >= at_least), rules.lowest_grade),
        tuple(components),
    )


def dimension_score(components: list[ScoreComponent], rules: ScoreRules) -> Fraction | None:
    """100 × Σ points / Σ weights observed, exactly; null when too little is observed, or nothing applies."""
    observed = _weight(components, OBSERVED)
    counted = observed + _weight(components, NOT_APPLICABLE)
    if observed == 0 or counted < rules.observed_share * _weight(components):
        return None
    return HUNDRED * sum((part.points for part in components if part.points is not None), ZERO) / observed


def _weight(components: Iterable[ScoreComponent], *statuses: str) -> Fraction:
    """The weight of the components with one of these statuses, or of all."""
    return sum((part.weight for part in components if not statuses or part.status_code in statuses), ZERO)


def _component(row: Row, indicator: Indicator) -> ScoreComponent:
    """The indicator's status, normalised value and points."""
    normalised = indicator.normalise(row)
    status = OBSERVED
    if normalised is None:
        is_without_credit = indicator.needs_exposure and number(row, "loan_outstanding") == 0
        status = NOT_APPLICABLE if is_without_credit else MISSING
    reached = None if normalised is None else indicator.weight * normalised / HUNDRED
    return ScoreComponent(indicator.code, indicator.dimension, status, indicator.weight, normalised, reached)
