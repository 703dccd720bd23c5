"""The activity state of a customer through its months, first match: closed, new, reactivated, dormant, inactive,
slowing, active.

Only the computed state of earlier months counts for `reactivated`; a judgement feeds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .codes import classification_codes
from .defaults import ActivityRules
from .rows import Row, number
from .tiers import judged_code
from .values import month_end

ACTIVITY_CODES = classification_codes("activity")


@dataclass(frozen=True)
class Activity:
    """The computed state and the one after judgement."""

    computed_activity_state_code: str
    activity_state_code: str


def activity_states(
    rows: Mapping[int, Row],
    first_ledger_day: date,
    judgements: Iterable[dict] = (),
    rules: ActivityRules | None = None,
) -> dict[int, Activity]:
    """The state of every month of one customer; `first_ledger_day` is the first day of the first ledger month."""
    rules, judgements = rules or ActivityRules(), list(judgements)
    states: dict[int, Activity] = {}
    dormant: int | None = None  # the last dormant month before this one
    woken: date | None = None  # the first customer activity after it
    for month in sorted(rows):
        if dormant is not None and woken is None:
            woken = _first_activity_after(month_end(dormant), rows[month])
        computed = _state(rows[month], month_end(month), first_ledger_day, woken, rules)
        if computed == "dormant":
            dormant, woken = month, None
        judged = judged_code(judgements, "activity", month_end(month), ACTIVITY_CODES)
        states[month] = Activity(computed, judged or computed)
    return states


def _first_activity_after(day: date, row: Row) -> date | None:
    """The first activity after the month-end of a dormant month, once a later month knows of one.

    A dormant year has none, so that the first activity of twelve months lies behind that month-end.
    """
    first = row["first_activity_date_12m"]
    return first if first is not None and first > day else None


def _state(row: Row, day: date, first_ledger_day: date, woken: date | None, rules: ActivityRules) -> str:
    clock = dormancy_clock(row, day, first_ledger_day)
    if row["open_account_count"] == 0:
        return "closed"
    if (day - row["first_opened_date"]).days < rules.new_days:
        return "new"
    if woken is not None and (day - woken).days < rules.reactivated_days:
        return "reactivated"
    if clock >= rules.dormant_days and row["term_next_maturity_date"] is None:
        return "dormant"
    if clock >= rules.inactive_days:
        return "inactive"
    return "slowing" if is_slowing(row, clock, rules) else "active"


def dormancy_clock(row: Row, day: date, first_ledger_day: date) -> int:
    """Days since the last customer transaction, or without any since the later of first opening and first ledger
    day."""
    days = row["days_since_activity"]
    if days is not None:
        return days
    return (day - max(row["first_opened_date"], first_ledger_day)).days


def is_slowing(row: Row, clock: int, rules: ActivityRules) -> bool:
    """One severe signal or two mild ones, where there was something to lose."""
    peak = number(row, "adb_peak_12m")
    if peak is None or peak < rules.peak_floor:
        return False
    enough_severe = len(severe_signals(row, rules)) >= rules.severe_needed
    return enough_severe or len(mild_signals(row, clock, rules)) >= rules.mild_needed


def severe_signals(row: Row, rules: ActivityRules) -> list[str]:
    """The severe signals that are met."""
    drawdown = number(row, "drawdown_12m")
    matured, retained = number(row, "matured_30d_amount_3m"), number(row, "retained_30d_amount_3m")
    met = {
        "drawdown": drawdown is not None and drawdown >= rules.severe_drawdown,
        "balance": _is_at_most(row, "month_end_balance", rules.severe_balance, "adb_3m"),
        "salary_stopped": row["is_salary_stopped"] is True,
        "matured_left": matured is not None
        and retained is not None
        and matured > 0
        and retained < rules.severe_retained * matured,
    }
    return [signal for signal, is_met in met.items() if is_met]


def mild_signals(row: Row, clock: int, rules: ActivityRules) -> list[str]:
    """The mild signals that are met."""
    gap = number(row, "mean_activity_gap_days")
    longest = rules.recency_days if gap is None else max(rules.recency_days, rules.recency_gaps * gap)
    met = {
        "balance": _is_at_most(row, "month_end_balance", rules.mild_balance, "adb_3m")
        and "balance" not in severe_signals(row, rules),
        "adb": _is_at_most(row, "adb_3m", rules.mild_adb, "adb_prior_3m"),
        "transactions": _is_at_most(row, "customer_txn_count_3m", rules.mild_transactions, "customer_txn_prior_3m"),
        "recency": clock > longest,
    }
    return [signal for signal, is_met in met.items() if is_met]


def _is_at_most(row: Row, feature: str, share: object, base_feature: str) -> bool:
    """Whether a feature is at most that share of its base; not met where one is unknown or the base isn't above 0."""
    value, base = number(row, feature), number(row, base_feature)
    return value is not None and base is not None and base > 0 and value <= share * base
