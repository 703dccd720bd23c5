"""How stable a customer's deposits are in the liquidity view, and what would run off."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .defaults import StabilityRules
from .rows import ZERO, Row, number
from .values import round_half_away

STABLE, LESS_STABLE, UNCLASSIFIED = "stable", "less_stable", "unclassified"


@dataclass(frozen=True)
class Stability:
    """The code and the amounts, in cents exactly."""

    deposit_stability_code: str
    stable_amount: Fraction | None
    less_stable_amount: Fraction | None
    runoff_amount: Fraction | None


def deposit_stability(row: Row, rules: StabilityRules | None = None) -> Stability:
    """Stable: a balance from 0 to the insured limit in an established relation."""
    rules = rules or StabilityRules()
    balance = number(row, "month_end_balance")
    if balance is None:
        return Stability(UNCLASSIFIED, None, None, None)
    is_stable = 0 <= balance <= rules.insured_limit and is_established(row, rules)
    stable = min(balance, rules.insured_limit) if is_stable else ZERO
    less_stable = max(balance, ZERO) - stable
    runoff = rules.stable_runoff * stable + rules.less_stable_runoff * less_stable
    return Stability(STABLE if is_stable else LESS_STABLE, stable, less_stable, round_half_away(runoff))


def is_established(row: Row, rules: StabilityRules) -> bool:
    """Long enough a customer, paid a salary here, or this is its main bank; what is unknown establishes nothing."""
    tenure, primacy = row["tenure_months"], row["primacy_score"]
    return (
        (tenure is not None and tenure >= rules.tenure_months)
        or row["has_salary_inflow"] is True
        or (primacy is not None and primacy >= rules.primacy_score)
    )
