"""Salary: which payers send money regularly, whether one of them stopped, and what the income is.

A payer is a counterparty of credits that third parties initiate (without one: the transaction code). Days are
measured on a circle of 31, so that the 31st and the 1st are neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from .facts import Party, Rows, rounded
from .values import median, month_of, published_ratio, published_root, round_half_away

ZERO = Fraction(0)
LOOKBACK_MONTHS, LEAST_MONTHS = 4, 3
HIGHEST_VARIATION = 0.30
CIRCLE_DAYS, WIDEST_ARC_DAYS = 31, 5
INCOME_MONTHS = 3
STOP_LOOKBACK_MONTHS, SILENT_MONTHS = 11, 2


@dataclass
class PayerMonth:
    """What a payer sent in a month."""

    total: Fraction | None = ZERO  # None: into an account without a rate
    first_day: int | None = None  # of a credit that isn't a contra entry

    @property
    def is_credited(self) -> bool:
        """Whether anything came, as opposed to being taken back only."""
        return self.first_day is not None


@dataclass
class Payer:
    """One payer over all accounts of the party."""

    months: dict[int, PayerMonth] = field(default_factory=lambda: defaultdict(PayerMonth))
    regular_from: int | None = None  # the first month with a regular-income code

    def is_credited(self, month: int) -> bool:
        """Whether it sent anything in a month."""
        return month in self.months and self.months[month].is_credited

    def credited(self, month: int) -> list[int]:
        """The credited months of the last four."""
        return [past for past in range(month - LOOKBACK_MONTHS + 1, month + 1) if self.is_credited(past)]

    def is_regular(self, month: int) -> bool:
        """Whether it has sent regular income by a month."""
        return self.regular_from is not None and self.regular_from <= month

    def sums(self, month: int) -> list[Fraction] | None:
        """The sums of the credited months of the last four, oldest first, if the payer qualifies.

        With an unknown sum among them it doesn't.
        """
        credited = [self.months[past] for past in self.credited(month)]
        sums = [one.total for one in credited]
        if len(sums) < LEAST_MONTHS or None in sums:
            return None
        mean = sum(sums, ZERO) / len(sums)
        if mean <= 0:
            return None
        variance = sum(((one - mean) ** 2 for one in sums), ZERO) / (len(sums) - 1)
        is_even = published_root(variance / mean**2) <= HIGHEST_VARIATION
        is_punctual = _arc([one.first_day for one in credited]) <= WIDEST_ARC_DAYS
        return sums if is_even and is_punctual else None


def _arc(days: list[int]) -> int:
    """The length of the least arc that holds all the days: the circle without its widest gap."""
    days = sorted(days)
    gaps = [later - earlier for earlier, later in zip(days, [*days[1:], days[0] + CIRCLE_DAYS], strict=True)]
    return CIRCLE_DAYS - max(gaps)


def add_salary(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    payers = _payers(party)
    qualifying = {
        month: _qualifying(payers, month)
        for month in range(party.facts.first_month, party.facts.last_month + 1)
    }
    for month, row in rows.items():
        now = qualifying[month]
        row |= {
            "has_salary_inflow": bool(now),
            "salary_amount": max((rounded(median(payer.sums(month))) for payer in now), default=None),
            "is_salary_stopped": not now and _has_stopped(qualifying, month),
        }
        row |= _income(now, month)


def _payers(party: Party) -> list[Payer]:
    """Everybody who has sent money, with the monthly sums."""
    payers: dict[tuple[str, str], Payer] = defaultdict(Payer)
    for account, share in party.holdings:
        for month, books in account.months.items():
            rate = party.facts.rates.rate(account.currency, month)
            for entry in books.entries:
                if entry.direction != "credit" or entry.initiator != "third_party":
                    continue
                name = ("code", entry.code) if entry.counterparty_id is None else ("id", entry.counterparty_id)
                payer, in_month = payers[name], payers[name].months[month]
                if rate is None or in_month.total is None:
                    in_month.total = None
                else:
                    in_month.total += share * rate * entry.amount
                if entry.sign > 0:
                    in_month.first_day = min(in_month.first_day or CIRCLE_DAYS, entry.day.day)
                    if entry.is_regular_income:
                        payer.regular_from = min(payer.regular_from or month, month_of(entry.day))
    for payer in payers.values():
        for in_month in payer.months.values():
            in_month.total = rounded(in_month.total)
    return list(payers.values())


def _qualifying(payers: list[Payer], month: int) -> list[Payer]:
    """The payers that qualify in a month: regular ones only, once the party has had one."""
    regular = [payer for payer in payers if payer.is_regular(month)]
    return [payer for payer in regular or payers if payer.sums(month) is not None]


def _has_stopped(qualifying: dict[int, list[Payer]], month: int) -> bool:
    """Whether a payer that qualified within a year has sent nothing for two months."""
    return any(
        not any(payer.is_credited(past) for past in range(month - SILENT_MONTHS + 1, month + 1))
        for earlier in range(month - STOP_LOOKBACK_MONTHS, month)
        for payer in qualifying.get(earlier, [])
    )


def _income(now: list[Payer], month: int) -> dict[str, object]:
    """The median of the newest three salaries of the largest payer, and its growth over a year."""
    if not now:
        return {"income_level_amount": None, "income_growth_12m": None}

    def size(payer: Payer) -> tuple[Fraction, Fraction]:
        sums = payer.sums(month)
        return round_half_away(median(sums)), sum(sums[-INCOME_MONTHS:], ZERO)

    largest = max(now, key=size)
    newest = largest.credited(month)[-INCOME_MONTHS:]
    level = rounded(median(largest.months[past].total for past in newest))
    before = [largest.months[past - 12].total for past in newest if largest.is_credited(past - 12)]
    growth = None
    if len(before) == INCOME_MONTHS and None not in before and median(before) > 0:
        growth = published_ratio(level / median(before) - 1)
    return {"income_level_amount": level, "income_growth_12m": growth}
