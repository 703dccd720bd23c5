"""The features of the section "balances" for every party and month.

Sums are exact and rounded once per party, month and column, half away from zero. Window features are
computed from the rounded monthly values and rounded once more. A month whose money can't be converted is
null, and so is every window that contains it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from .ledger import Account, AccountMonth, Rates
from .values import month_end, round_half_away

ZERO = Fraction(0)
POSITION_DAYS = 92
RATIO_DECIMALS = 9


@dataclass
class PartyMonth:
    """One row of the grain: the published features, and what windows need besides."""

    features: dict[str, object] = field(default_factory=dict)
    deposit_amount_1m: Fraction | None = None
    largest_deposit_1m: Fraction | None = None


@dataclass
class Facts:
    """What the features of all parties are computed from."""

    accounts: dict[str, Account]
    rates: Rates
    first_month: int
    last_month: int
    is_balance_after_landed: bool
    positions: dict[str, list[dict]] | None  # by customer_id; None when wealth.positions isn't landed


def by_customer(rows: Iterable[dict]) -> dict[str, list[dict]]:
    """Rows grouped by their customer_id."""
    grouped = defaultdict(list)
    for row in rows:
        grouped[row["customer_id"]].append(row)
    return dict(grouped)


def party_months(
    facts: Facts, shares: dict[str, Fraction], customer_ids: Iterable[str]
) -> dict[int, PartyMonth]:
    """Every month in which the party has a row; `shares` are its shares by account_id."""
    customer_ids = list(customer_ids)
    months: dict[int, PartyMonth] = {}
    for month in range(facts.first_month, facts.last_month + 1):
        held = [
            (facts.accounts[account_id], share)
            for account_id, share in shares.items()
            if month in facts.accounts[account_id].months
        ]
        if held:
            months[month] = _one_month(facts, held, customer_ids, month)
            _add_windows(facts.first_month, months, month)
    return months


# ---- one month ----


def _one_month(
    facts: Facts, held: list[tuple[Account, Fraction]], customer_ids: list[str], month: int
) -> PartyMonth:
    def money(value: Callable[[AccountMonth], Fraction | None]) -> Fraction | None:
        """Σ share × rate × value over the accounts, rounded; null when a rate or a value is null."""
        total = ZERO
        for account, share in held:
            rate, amount = facts.rates.rate(account.currency, month), value(account.months[month])
            if rate is None or amount is None:
                return None
            total += share * rate * amount
        return round_half_away(total)

    row = PartyMonth()
    adb = money(lambda account: account.adb)
    exact_value = market_value(facts, customer_ids, month)
    value = None if exact_value is None else round_half_away(exact_value)
    aum = adb
    if facts.positions is not None and adb is not None:
        aum = None if value is None else adb + value
    row.features = {
        "month_end_balance": money(lambda account: account.end_balance),
        "month_min_balance": money(lambda account: account.min_balance)
        if facts.is_balance_after_landed
        else None,
        "net_flow_1m": money(lambda account: account.net_flow),
        "adb_1m": adb,
        "market_value": value,
        "aum_1m": aum,
        "is_aum_deposits_only": facts.positions is None,
        "valuation_change_1m": _valuation_change(facts, held, customer_ids, month),
        "open_account_count": sum(account.is_open_on(month_end(month)) for account, _ in held),
    }
    row.deposit_amount_1m = money(
        lambda account: sum((entry.amount for entry in account.entries if entry.is_deposit), ZERO)
    )
    row.largest_deposit_1m = _largest_deposit(facts, held, month)
    return row


def market_value(facts: Facts, customer_ids: Iterable[str], month: int) -> Fraction | None:
    """Positions valid on the month-end in base currency, exact; computed from facts whatever rows there are.

    None when positions aren't landed or one of them is in a currency before its first rate.
    """
    if facts.positions is None:
        return None
    day = month_end(month)
    last: dict[tuple[str, str, str], dict] = {}
    for customer_id in customer_ids:
        for row in facts.positions.get(customer_id, []):
            key = (customer_id, row["product_code"], row["currency_code"])
            is_known = row["position_date"] <= day
            if is_known and (key not in last or row["position_date"] > last[key]["position_date"]):
                last[key] = row
    total = ZERO
    for row in last.values():
        if (day - row["position_date"]).days < POSITION_DAYS:
            rate = facts.rates.rate(row["currency_code"], month)
            if rate is None:
                return None
            total += rate * row["market_value"]
    return total


def _valuation_change(
    facts: Facts, held: list[tuple[Account, Fraction]], customer_ids: list[str], month: int
) -> Fraction | None:
    """What markets and rates did to the party's assets, as opposed to what it paid in or out."""
    if month == facts.first_month:
        return ZERO
    value, previous = (market_value(facts, customer_ids, which) for which in (month, month - 1))
    if value is None or previous is None:
        return None
    change = value - previous
    for account, share in held:
        rate, previous_rate = (facts.rates.rate(account.currency, which) for which in (month, month - 1))
        if rate is None or previous_rate is None:
            return None
        in_month = account.months[month]
        invested = sum(
            (entry.signed_amount for entry in in_month.entries if entry.flow_kind == "investment"), ZERO
        )
        change += share * (rate * invested + in_month.adb * (rate - previous_rate))
    return round_half_away(change)


def _largest_deposit(facts: Facts, held: list[tuple[Account, Fraction]], month: int) -> Fraction | None:
    """The largest single deposit, weighted and converted; 0 without any. Contra entries are negative."""
    largest = ZERO
    for account, share in held:
        rate = facts.rates.rate(account.currency, month)
        if rate is None:
            return None
        for entry in account.months[month].entries:
            if entry.is_deposit:
                largest = max(largest, share * rate * entry.amount)
    return round_half_away(largest)


# ---- windows ----


def _add_windows(first_month: int, months: dict[int, PartyMonth], month: int) -> None:
    """Adds the window features of a month; `months` holds all rows up to and including it."""
    features = months[month].features

    def rows(length: int) -> list[tuple[int, PartyMonth]]:
        """The months of the trailing window that have a row; none lies before the first ledger month."""
        return [(past, months[past]) for past in range(month - length + 1, month + 1) if past in months]

    def adbs(length: int) -> list[tuple[int, Fraction | None]]:
        return [(past, row.features["adb_1m"]) for past, row in rows(length)]

    def average(length: int) -> Fraction | None:
        values = _none_if_any_none([value for _, value in adbs(length)])
        if values is None:
            return None
        return round_half_away(sum(values, ZERO) / min(length, month - first_month + 1))

    features["adb_3m"], features["adb_12m"] = average(3), average(12)
    features["balance_trend_6m"] = _trend(adbs(6))
    features["drawdown_12m"] = _drawdown([value for _, value in adbs(12)])
    features["balance_cv_6m"] = _variation([value for _, value in adbs(6)])
    year = _none_if_any_none([value for _, value in adbs(12)])
    features["core_balance_12m"] = None if year is None else min(year)
    largest = _none_if_any_none([row.largest_deposit_1m for _, row in rows(12)])
    features["largest_deposit_12m"] = None if largest is None else max(largest)
    deposited = _none_if_any_none([row.deposit_amount_1m for _, row in rows(12)])
    features["cumulative_deposit_12m"] = None if deposited is None else max(ZERO, sum(deposited, ZERO))


def _none_if_any_none(values: list) -> list | None:
    return None if any(value is None for value in values) else values


def _ratio(number: float) -> float:
    return round(number, RATIO_DECIMALS) + 0.0  # no negative zero


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
