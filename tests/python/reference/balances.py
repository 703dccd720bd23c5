"""The features of the section "balances".

Sums are exact and rounded once per party, month and column, half away from zero. Window features are
computed from the rounded monthly values and rounded once more. A month whose money can't be converted is
null, and so is every window that contains it.
"""

from __future__ import annotations

import math
from fractions import Fraction

from .facts import Party, Row, Rows, rounded, valid_positions
from .ledger import Entry
from .values import RATIO_SCALE, month_end, round_half_away
from .windows import known, months_with_row, total, total_from_zero, values

ZERO = Fraction(0)
POSITION_KEY = ("customer_id", "product_code", "currency_code")


def add_balances(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    for month, row in rows.items():
        _add_month(party, row, month)
    for month in rows:
        _add_windows(party, rows, month)


# ---- one month ----


def _add_month(party: Party, row: Row, month: int) -> None:
    facts = party.facts
    adb = party.money(month, lambda _, books: books.adb)
    value = rounded(market_value(party, month))
    aum = adb
    if facts.positions is not None and adb is not None:
        aum = None if value is None else adb + value
    is_deposit = Entry.is_deposit.fget
    row |= {
        "month_end_balance": party.money(month, lambda _, books: books.end_balance),
        "month_min_balance": party.money(month, lambda _, books: books.min_balance)
        if facts.is_balance_after_landed
        else None,
        "net_flow_1m": party.money(month, lambda _, books: books.net_flow),
        "adb_1m": adb,
        "market_value": value,
        "aum_1m": aum,
        "is_aum_deposits_only": facts.positions is None,
        "valuation_change_1m": _valuation_change(party, month),
        "open_account_count": sum(account.is_open_on(month_end(month)) for account, _ in party.held(month)),
        "deposit_amount_1m": party.flow(month, is_deposit),
        "largest_deposit_1m": party.largest(month, is_deposit),
    }


def held_positions(party: Party, month: int) -> list[dict]:
    """The party's wealth positions that are valid on a month-end."""
    return valid_positions(party.of(party.facts.positions or {}), POSITION_KEY, month)


def market_value(party: Party, month: int) -> Fraction | None:
    """Positions valid on the month-end in base currency, exact; computed from facts whatever rows there are.

    None when positions aren't landed or one of them is in a currency before its first rate.
    """
    if party.facts.positions is None:
        return None
    sum_of_values = ZERO
    for row in held_positions(party, month):
        rate = party.facts.rates.rate(row["currency_code"], month)
        if rate is None:
            return None
        sum_of_values += rate * row["market_value"]
    return sum_of_values


def _valuation_change(party: Party, month: int) -> Fraction | None:
    """What markets and rates did to the party's assets, as opposed to what it paid in or out."""
    if month == party.facts.first_month:
        return ZERO
    value, previous = (market_value(party, which) for which in (month, month - 1))
    if value is None or previous is None:
        return None
    change = value - previous
    for account, share in party.held(month):
        rates = party.facts.rates
        rate, previous_rate = (rates.rate(account.currency, which) for which in (month, month - 1))
        if rate is None or previous_rate is None:
            return None
        books = account.months[month]
        invested = sum(
            (entry.signed_amount for entry in books.entries if entry.flow_kind == "investment"), ZERO
        )
        change += share * (rate * invested + books.adb * (rate - previous_rate))
    return round_half_away(change)


# ---- windows ----


def _add_windows(party: Party, rows: Rows, month: int) -> None:
    row = rows[month]

    def average(length: int) -> Fraction | None:
        balance = total(rows, month, length, "adb_1m")
        return None if balance is None else round_half_away(balance / party.facts.ledger_months(month, length))

    half_year = [(past, rows[past]["adb_1m"]) for past in months_with_row(rows, month, 6)]
    balances = values(rows, month, 12, "adb_1m")
    year = known(balances)
    largest = known(values(rows, month, 12, "largest_deposit_1m"))
    row |= {
        "adb_3m": average(3),
        "adb_12m": average(12),
        "adb_prior_3m": _prior_average(party, rows, month),
        "adb_peak_12m": None if year is None else max(year),
        "balance_trend_6m": _trend(half_year),
        "drawdown_12m": _drawdown(balances),
        "balance_cv_6m": _variation([value for _, value in half_year]),
        "core_balance_12m": None if year is None else min(year),
        "largest_deposit_12m": None if largest is None else max(largest),
        "cumulative_deposit_12m": total_from_zero(rows, month, 12, "deposit_amount_1m"),
    }


def _prior_average(party: Party, rows: Rows, month: int) -> Fraction | None:
    """The average of the three months before the last three; null unless all lie in the ledger."""
    if month - 5 < party.facts.first_month:
        return None
    balance = total(rows, month - 3, 3, "adb_1m")
    return None if balance is None else round_half_away(balance / 3)


def _ratio(number: float) -> float:
    return round(number, RATIO_SCALE) + 0.0  # no negative zero


def _trend(points: list[tuple[int, Fraction | None]]) -> float | None:
    """Least-squares slope of ln(1 + balance) on the month index, from four months on."""
    if len(points) < 4 or any(value is None for _, value in points):
        return None
    heights = [math.log(1 + max(value, ZERO)) for _, value in points]
    mean_place = Fraction(sum(place for place, _ in points), len(points))
    mean_height = math.fsum(heights) / len(heights)
    offsets = [float(place - mean_place) for place, _ in points]
    products = [offset * (height - mean_height) for offset, height in zip(offsets, heights, strict=True)]
    return _ratio(math.fsum(products) / math.fsum(offset * offset for offset in offsets))


def _drawdown(balances: list[Fraction | None]) -> float | None:
    """How far the newest balance lies under the peak of the window, which must be positive."""
    if any(value is None for value in balances) or max(balances) <= 0:
        return None
    return _ratio(float(1 - max(balances[-1], ZERO) / max(balances)))


def _variation(balances: list[Fraction | None]) -> float | None:
    """Sample standard deviation over mean, from two months on; the mean must be positive."""
    if len(balances) < 2 or any(value is None for value in balances):
        return None
    mean = sum(balances, ZERO) / len(balances)
    if mean <= 0:
        return None
    variance = sum(((value - mean) ** 2 for value in balances), ZERO) / (len(balances) - 1)
    return _ratio(math.sqrt(variance) / float(mean))
