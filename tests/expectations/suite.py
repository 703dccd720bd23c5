"""How an expectation is written down: on a small frame that SQL has aggregated, with what to do as notes.

A frame has one row per table, file, month or code, never per customer; its columns are counts, shares and
codes. So the doors cost one scan per table however long it is, and no result can hold a landed value.
"""

from __future__ import annotations

from dataclasses import dataclass

import great_expectations.expectations as gxe

CRITICAL = "critical"
WARNING = "warning"


@dataclass(frozen=True)
class Suite:
    """Expectations on one frame. Suites of the same query share it; `grain` picks their rows of it."""

    table: str
    query: str
    expectations: tuple[gxe.Expectation, ...]
    grain: str | None = None


def at_least(column: str, minimum: float, severity: str, notes: str) -> gxe.Expectation:
    """No value of the frame's column below the minimum; null passes."""
    return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=minimum, severity=severity, notes=notes)


def at_most(column: str, maximum: float, severity: str, notes: str) -> gxe.Expectation:
    """No value of the frame's column above the maximum; null passes."""
    return gxe.ExpectColumnValuesToBeBetween(column=column, max_value=maximum, severity=severity, notes=notes)


def between(column: str, minimum: float, maximum: float, severity: str, notes: str) -> gxe.Expectation:
    """All values of the frame's column within the bounds; null passes."""
    return gxe.ExpectColumnValuesToBeBetween(
        column=column, min_value=minimum, max_value=maximum, severity=severity, notes=notes
    )


def none_of(column: str, severity: str, notes: str) -> gxe.Expectation:
    """A count of offending rows that must be 0."""
    return at_most(column, 0, severity, notes)


def one_of(column: str, codes: list[str], severity: str, notes: str) -> gxe.Expectation:
    """All codes of the frame's column are known ones."""
    return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=codes, severity=severity, notes=notes)


def not_null(column: str, severity: str, notes: str) -> gxe.Expectation:
    """No null in the frame's column."""
    return gxe.ExpectColumnValuesToNotBeNull(column=column, severity=severity, notes=notes)


def equal(column: str, other: str, severity: str, notes: str) -> gxe.Expectation:
    """Two columns of the frame agree in every row."""
    return gxe.ExpectColumnPairValuesToBeEqual(column_A=column, column_B=other, severity=severity, notes=notes)
