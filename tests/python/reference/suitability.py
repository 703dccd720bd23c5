"""Overdrafts, the customer's risk profile, and the risk of what it holds."""

from __future__ import annotations

from fractions import Fraction

from .balances import held_positions
from .codes import PRODUCTS
from .facts import Party, Rows
from .values import month_end, published_ratio
from .windows import known, values

ZERO = Fraction(0)
VALID_DAYS = 365
CONFLICT_LEVELS = 2
PREFERENCES = {
    "C1": "conservative",
    "C2": "conservative",
    "C3": "prudent",
    "C4": "aggressive",
    "C5": "aggressive",
}


def add_suitability(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    for month, row in rows.items():
        assessment = _assessment(party, month) or {}
        level = assessment.get("risk_level")
        implied = _implied_level(party, month)
        minima = known(values(rows, month, 12, "month_min_balance"))
        row |= {
            "overdraft_months_12m": None if minima is None else sum(minimum < 0 for minimum in minima),
            "risk_level_code": level,
            "risk_preference_code": PREFERENCES.get(level),
            "risk_tolerance_score": assessment.get("tolerance_score"),
            "risk_awareness_score": assessment.get("awareness_score"),
            "implied_risk_level": implied,
            "is_risk_profile_conflict": None
            if implied is None or level is None
            else abs(implied - int(level.removeprefix("C"))) >= CONFLICT_LEVELS,
        }


def _assessment(party: Party, month: int) -> dict | None:
    """The newest assessment by the month-end, unless it is too old; the more careful of two at the same time."""
    day = month_end(month)
    past = [row for row in party.of(party.facts.assessments) if row["assessed_at"].date() <= day]
    if not past:
        return None
    newest = max(row["assessed_at"] for row in past)
    if (day - newest.date()).days > VALID_DAYS:
        return None
    return min((row for row in past if row["assessed_at"] == newest), key=lambda row: row["risk_level"])


def _implied_level(party: Party, month: int) -> float | None:
    """The risk level of the held products, weighted by their positive values."""
    weights = weighted = ZERO
    for row in held_positions(party, month):
        level = PRODUCTS[row["product_code"]].risk_level
        if level is None:
            continue
        rate = party.facts.rates.rate(row["currency_code"], month)
        if rate is None:
            return None
        weight = rate * max(row["market_value"], ZERO)
        weights += weight
        weighted += weight * level
    return published_ratio(weighted / weights) if weights else None


