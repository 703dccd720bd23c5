"""Intervals of tags: from the first month-end on which a tag holds to the first on which it doesn't.

A rule tag holds where its feature lies between its bounds (the lower inside, the upper outside); an unknown value
and a month without a row close it as well. A fact tag holds for as long as the fact stays the same. The evidence is
what was true when the interval began: what fired, and against which threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .rows import exact
from .values import month_end


@dataclass(frozen=True)
class Bounds:
    """`min_value` ≤ value < `below_value`; None is no bound."""

    min_value: Fraction | None = None
    below_value: Fraction | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether a value lies between them."""
        is_enough = self.min_value is None or value >= self.min_value
        return is_enough and (self.below_value is None or value < self.below_value)


@dataclass(frozen=True)
class TagInterval:
    """One stretch of months; `valid_to` lies outside it and is None while it lasts."""

    valid_from: date
    valid_to: date | None
    evidence: object  # a number for a rule, the fact itself for a fact
    bounds: Bounds | None = None


def rule_tag_intervals(
    values: Mapping[int, object], bounds: Bounds | Mapping[int, Bounds], last_month: int
) -> list[TagInterval]:
    """The intervals of a rule tag; `bounds` may differ by month, where a new rule version came."""

    def _bounds(month: int) -> Bounds:
        return bounds if isinstance(bounds, Bounds) else bounds[month]

    def _status(month: int) -> object:
        value = exact(values.get(month))
        return True if value is not None and _bounds(month).holds(value) else None

    return [
        TagInterval(month_end(start), _end(stop, last_month), exact(values[start]), _bounds(start))
        for start, stop in _runs(_status, values, last_month)
    ]


def fact_tag_intervals(values: Mapping[int, object], last_month: int) -> list[TagInterval]:
    """The intervals of a fact tag: a changed fact ends one and begins the next."""
    return [
        TagInterval(month_end(start), _end(stop, last_month), values[start])
        for start, stop in _runs(values.get, values, last_month)
    ]


def _end(stop: int, last_month: int) -> date | None:
    return month_end(stop) if stop <= last_month else None


def _runs(status: Callable[[int], object], values: Mapping[int, object], last_month: int) -> list[tuple[int, int]]:
    """Stretches of months with the same status that isn't None: the first month, and the first after it."""
    runs: list[tuple[int, int]] = []
    start, before = None, None
    for month in range(min(values, default=last_month), last_month + 2):
        now = status(month) if month <= last_month else None
        if start is not None and now != before:
            runs.append((start, month))
            start = None
        if start is None and now is not None:
            start, before = month, now
    return runs
