"""How numbers are told."""

from __future__ import annotations

import math
from typing import Any

UNKNOWN = "–"


def percent(value: float | None, digits: int = 1) -> str:
    """0.123 as `12.3 %`."""
    return UNKNOWN if is_missing(value) else f"{100 * value:.{digits}f} %"


def number(value: float | None, digits: int = 2) -> str:
    """A number with a fixed number of digits."""
    return UNKNOWN if is_missing(value) else f"{value:,.{digits}f}"


def whole(value: float | None) -> str:
    """A count with thousands marked."""
    return UNKNOWN if is_missing(value) else f"{int(value):,}"


def money(value: float | None) -> str:
    """An amount, short: 12.3 m. Small ones to the cent."""
    if is_missing(value):
        return UNKNOWN
    for bound, mark in ((1e9, " bn"), (1e6, " m"), (1e4, " k")):
        if abs(value) >= bound:
            return f"{value / (1e3 if mark == ' k' else bound):,.1f}{mark}"
    return f"{value:,.2f}"


def measured(value: float | None, unit: str) -> str:
    """A metric's value by its unit."""
    if unit == "ratio":
        return percent(value)
    return number(value, 0 if unit == "flag" else 1 if "months" in unit else 3)


def is_missing(value: Any) -> bool:
    """Null, however it comes."""
    return value is None or (isinstance(value, float) and math.isnan(value))
