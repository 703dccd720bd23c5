"""What the customer does: counts, recency, amounts in and out, and through which channels.

Counts and days aren't weighted by shares, money is. A contra entry of a later month takes a count and an
amount back in its own month, but no day of activity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from .facts import Party, Row, Rows
from .ledger import Entry
from .values import month_end, month_of, published_ratio
from .windows import count, months_with_row, quotient, total_from_zero, values

CHANNEL_GROUPS = ("counter", "mobile", "online", "self_service")  # in the order that breaks ties
DIGITAL_GROUPS = ("mobile", "online")
OWN_BANK = "OWN"
STANDING_CODES = ("standing_order", "direct_debit")
RHYTHMS = (("monthly", 9), ("occasional", 3), ("rare", 1), ("none", 0))  # from how many months of twelve
CODE_COUNTS = {
    "_standing_payment_count_1m": STANDING_CODES,
    "_loan_instalment_count_1m": ("loan_instalment",),
    "_card_payment_count_1m": ("card_payment",),
    "_penalty_interest_count_1m": ("penalty_interest",),
}


def add_activity(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    active_days = sorted({entry.day for month in rows for entry in party.entries(month) if _is_act(entry)})
    for month, row in rows.items():
        _add_month(party, row, month)
    for month, row in rows.items():
        ledger_months = party.facts.ledger_months(month, 12)
        _add_counts(rows, month, ledger_months)
        _add_amounts(party, rows, month)
        row |= _channels(rows, month)
        row |= _recency(active_days, month, month - ledger_months + 1)


def _is_act(entry: Entry) -> bool:
    """Whether the entry shows that the customer was there."""
    return entry.is_by_customer and entry.sign > 0


# ---- one month ----


def _add_month(party: Party, row: Row, month: int) -> None:
    entries = party.entries(month)
    kinds: dict[str, Callable[[Entry], bool]] = {
        "customer_txn": lambda entry: entry.is_by_customer,
        "deposit": lambda entry: entry.is_deposit,
    }
    for kind, is_kind in kinds.items():
        row[f"_{kind}_count_1m"] = sum(entry.sign for entry in entries if is_kind(entry))
        by_group: dict[str | None, int] = defaultdict(int)
        for entry in entries:
            if is_kind(entry):
                by_group[entry.channel_group] += entry.sign
        row[f"_{kind}_groups_1m"] = by_group
    for name, codes in CODE_COUNTS.items():
        row[name] = sum(entry.sign for entry in entries if entry.code in codes)
    row["customer_txn_count_1m"] = row["_customer_txn_count_1m"]
    row["_is_active_1m"] = any(_is_act(entry) for entry in entries)
    row["_has_deposit_1m"] = any(entry.is_deposit and entry.sign > 0 for entry in entries)
    row["inflow_amount_1m"] = party.flow(month, lambda entry: entry.direction == "credit")
    row["outflow_amount_1m"] = party.flow(month, lambda entry: entry.direction == "debit")
    row["largest_outflow_1m"] = party.largest(month, lambda entry: entry.direction == "debit")
    row["_outflow_other_bank_1m"] = party.flow(month, _goes_to_another_bank)


def _goes_to_another_bank(entry: Entry) -> bool:
    return entry.direction == "debit" and entry.bank_code is not None and entry.bank_code.upper() != OWN_BANK


# ---- windows ----


def _add_counts(rows: Rows, month: int, ledger_months: int) -> None:
    row = rows[month]
    deposit_months = sum(values(rows, month, 12, "_has_deposit_1m"))
    row |= {
        "customer_txn_count_3m": count(rows, month, 3, "customer_txn_count_1m"),
        "customer_txn_count_12m": count(rows, month, 12, "customer_txn_count_1m"),
        "customer_txn_prior_3m": count(rows, month - 3, 3, "customer_txn_count_1m")
        if ledger_months >= 6
        else None,
        "deposit_count_12m": count(rows, month, 12, "_deposit_count_1m"),
        "loan_instalment_count_12m": count(rows, month, 12, "_loan_instalment_count_1m"),
        "card_payment_count_12m": count(rows, month, 12, "_card_payment_count_1m"),
        "penalty_interest_count_3m": count(rows, month, 3, "_penalty_interest_count_1m"),
        "active_months_12m": sum(values(rows, month, 12, "_is_active_1m")),
        "deposit_months_12m": deposit_months,
        "deposit_rhythm_code": next(code for code, least in RHYTHMS if deposit_months >= least),
    }
    standing = count(rows, month, 12, "_standing_payment_count_1m")
    row["_standing_payment_count_12m"] = standing
    row["standing_payment_per_month_12m"] = published_ratio(Fraction(standing, ledger_months))
    row["customer_txn_per_month_12m"] = published_ratio(
        Fraction(row["customer_txn_count_12m"], ledger_months)
    )


def _add_amounts(party: Party, rows: Rows, month: int) -> None:
    row = rows[month]
    inflow = total_from_zero(rows, month, 12, "inflow_amount_1m")
    outflow = total_from_zero(rows, month, 12, "outflow_amount_1m")
    row |= {
        "inflow_amount_12m": inflow,
        "outflow_amount_12m": outflow,
        "outflow_other_bank_3m": total_from_zero(rows, month, 3, "_outflow_other_bank_1m"),
        "outflow_inflow_ratio_12m": quotient(outflow, inflow),
        "outflow_turnover_12m": quotient(outflow, row["adb_12m"]),
        "inflow_growth_12m": None,
    }
    year_ago = month - 12
    if year_ago in rows and party.facts.ledger_months(year_ago, 12) == 12:
        before = rows[year_ago]["inflow_amount_12m"]
        if inflow is not None and before is not None and before > 0:
            row["inflow_growth_12m"] = published_ratio(inflow / before - 1)


def _recency(active_days: list[date], month: int, first_month: int) -> dict[str, object]:
    """The last active day up to the month-end, and the rhythm of those in the window."""
    until = [day for day in active_days if day <= month_end(month)]
    in_window = [day for day in until if month_of(day) >= first_month]
    gap = None
    if len(in_window) > 1:
        gap = published_ratio(Fraction((in_window[-1] - in_window[0]).days, len(in_window) - 1))
    return {
        "last_activity_date": until[-1] if until else None,
        "days_since_activity": (month_end(month) - until[-1]).days if until else None,
        "first_activity_date_12m": in_window[0] if in_window else None,
        "active_days_12m": len(in_window),
        "mean_activity_gap_days": gap,
    }


# ---- channels ----


def _group_count(rows: Rows, month: int, kind: str, group: str) -> int:
    """Σ over twelve months, never below 0: contra entries of older originals can outweigh the rest."""
    return max(0, sum(rows[past][f"_{kind}_groups_1m"][group] for past in months_with_row(rows, month, 12)))


def _share(rows: Rows, month: int, kind: str, groups: tuple[str, ...]) -> float | None:
    """The groups' share of all transactions of a kind, those without a channel included."""
    all_of_them = count(rows, month, 12, f"_{kind}_count_1m")
    of_groups = sum(_group_count(rows, month, kind, group) for group in groups)
    return quotient(Fraction(of_groups), Fraction(all_of_them))


def _preferred(rows: Rows, month: int, kind: str) -> str | None:
    """The group with most transactions; the first in alphabetical order of equals, none without any."""
    counts = {group: _group_count(rows, month, kind, group) for group in CHANNEL_GROUPS}
    best = max(counts.values())
    return next(group for group in CHANNEL_GROUPS if counts[group] == best) if best > 0 else None


def _channels(rows: Rows, month: int) -> dict[str, object]:
    """The shares of the channel groups, and the group with most."""
    return {
        **{f"{group}_share_12m": _share(rows, month, "customer_txn", (group,)) for group in CHANNEL_GROUPS},
        "digital_share_12m": _share(rows, month, "customer_txn", DIGITAL_GROUPS),
        "preferred_channel_code": _preferred(rows, month, "customer_txn"),
        "deposit_digital_share_12m": _share(rows, month, "deposit", DIGITAL_GROUPS),
        "preferred_deposit_channel_code": _preferred(rows, month, "deposit"),
    }
