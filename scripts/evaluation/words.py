"""How numbers are told."""

from __future__ import annotations

import math
from typing import Any

UNKNOWN = "–"


def percent(value: float | None, digits: int = 1) -> str:
    """0.123 as `12.3%`."""
    if value is None or is_missing(value):
        return UNKNOWN
    return f"{100 * value:.{0 if value in (0, 1) else digits}f}%"


def number(value: float | None, digits: int = 2) -> str:
    """A number with a fixed number of digits."""
    return UNKNOWN if is_missing(value) else f"{value:,.{digits}f}"


def whole(value: float | None) -> str:
    """A count with thousands marked."""
    return UNKNOWN if value is None or is_missing(value) else f"{int(value):,}"


# how large amounts are cut short: from which amount on, the unit, its name
MONEY_UNITS = {
    "en": ((1e9, 1e9, " bn"), (1e6, 1e6, " m"), (1e4, 1e3, " k")),
    "zh": ((1e8, 1e8, "亿"), (1e4, 1e4, "万")),
}


def money(value: float | None, language: str = "en") -> str:
    """An amount, short: 12.3 m, 1,230万. Small ones to the cent."""
    if value is None or is_missing(value):
        return UNKNOWN
    for bound, unit, name in MONEY_UNITS[language]:
        if abs(value) >= bound:
            return f"{value / unit:,.1f}{name}"
    return f"{value:,.2f}"


def measured(value: float | None, unit: str) -> str:
    """A metric's value by its unit."""
    if unit == "ratio":
        return percent(value)
    if unit == "times":
        return number(value)
    return number(value, 0 if unit == "flag" else 1 if "months" in unit else 3)


def is_missing(value: Any) -> bool:
    """Null, however it comes."""
    return value is None or (isinstance(value, float) and math.isnan(value))
