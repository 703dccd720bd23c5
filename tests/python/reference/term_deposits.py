"""Term deposits: their share, the ladder of what falls due, and what becomes of it.

A maturity is an event of the account: its balance at the end of the day before has matured. Seven days later
the bank knows what was placed again, thirty days later what stayed with it at all. Events therefore count in
the month of the day + 7 and of the day + 30, converted at that month's end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from .facts import Party, Rows, rounded
from .ledger import Account
from .values import add_months, month_end, month_of, published_ratio
from .windows import known, quotient

ZERO = Fraction(0)
ROLLOVER_DAYS, RETENTION_DAYS = 7, 30
DAYS_PER_YEAR = Fraction("365.25")
LADDER = {  # the last day of each step
    "term_due_30d_amount": 30,
    "term_due_90d_amount": 90,
    "term_due_180d_amount": 180,
    "term_due_365d_amount": 365,
    "term_due_over_365d_amount": None,
}
Sums = dict[int, tuple[Fraction, Fraction] | None]  # month: matured, and what became of it; None when unknown


def add_term_deposits(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    rolled = _by_month(party, ROLLOVER_DAYS)
    retained = _by_month(party, RETENTION_DAYS)
    for month, row in rows.items():
        adb = party.money(month, lambda _, books: books.adb, lambda account: account.is_term)
        positive_adb = party.money(month, lambda _, books: max(books.adb, ZERO))
        row |= {
            "term_adb_1m": adb,
            "term_share": quotient(adb, positive_adb),
            "term_next_maturity_date": _next_maturity_date(party, month),
        }
        row |= _ladder(party, month)
        matured, placed_again = _window(rolled, month, 12)
        row |= {"matured_amount_12m": matured, "rollover_rate_12m": quotient(placed_again, matured)}
        row["retained_after_maturity_12m"] = quotient(*reversed(_window(retained, month, 12)))
        row["matured_30d_amount_3m"], row["retained_30d_amount_3m"] = _window(retained, month, 3)


# ---- what falls due ----


def renews(account: Account) -> bool:
    """Whether it is placed again by itself whenever its term is over."""
    return account.auto_renew and (account.term_months or 0) > 0


def maturities(account: Account) -> Iterator[date]:
    """All maturities of a term account by its terms, whether or not it is closed before."""
    if not renews(account):
        if account.maturity is not None:
            yield account.maturity
        return
    count = account.term_months
    while (day := add_months(account.opened, count)) is not None:
        yield day
        count += account.term_months


def next_maturity(account: Account, day: date) -> date | None:
    """The first maturity after a day of an account that isn't closed by then.

    That it will be closed before is a fact of a later date.
    """
    if not account.is_term or not account.is_open_on(day):
        return None
    return next((maturity for maturity in maturities(account) if maturity > day), None)


def _next_maturity_date(party: Party, month: int) -> date | None:
    """The earliest next maturity of an account with a positive balance."""
    day = month_end(month)
    days = [
        next_maturity(account, day)
        for account, _ in party.held(month)
        if account.months[month].end_balance > 0
    ]
    return min((maturity for maturity in days if maturity is not None), default=None)


def _ladder(party: Party, month: int) -> dict[str, object]:
    """The positive balances that have yet to mature, by the days until then, and their average months."""
    day = month_end(month)
    steps = dict.fromkeys(LADDER, ZERO)
    weighted_days = ZERO
    for account, share in party.held(month):
        rate = party.facts.rates.rate(account.currency, month)
        if rate is None:
            return {"weighted_months_to_maturity": None, **dict.fromkeys(LADDER)}
        maturity = next_maturity(account, day)
        if maturity is None:
            continue
        days = (maturity - day).days
        amount = share * rate * max(account.months[month].end_balance, ZERO)
        step = next(name for name, last_day in LADDER.items() if last_day is None or days <= last_day)
        steps[step] += amount
        weighted_days += amount * days
    due = sum(steps.values(), ZERO)
    return {
        "weighted_months_to_maturity": published_ratio(weighted_days / due * 12 / DAYS_PER_YEAR)
        if due
        else None,
        **{name: rounded(amount) for name, amount in steps.items()},
    }


# ---- what became of it ----


def _events(party: Party) -> Iterator[tuple[Account, Fraction, date]]:
    """Every maturity that no closing came before, of an account that was there the day before."""
    last_day = month_end(party.facts.last_month)
    for account, share in party.holdings:
        if not account.is_term:
            continue
        for day in maturities(account):
            if day > last_day or (account.closed is not None and day > account.closed):
                break
            if day > account.start:
                yield account, share, day


def _by_month(party: Party, days_later: int) -> Sums:
    """Month of the day so many days after: Σ matured, and Σ of it rolled over or retained, both rounded."""
    outcome = _rolled if days_later == ROLLOVER_DAYS else _retained
    sums: dict[int, list[tuple[Fraction, Fraction] | None]] = defaultdict(list)
    for account, share, day in _events(party):
        last_day = day + timedelta(days=days_later)
        month = month_of(last_day)
        if month > party.facts.last_month:
            continue
        rate = party.facts.rates.rate(account.currency, month)
        change = outcome(party, account, share, day, last_day)
        if rate is None or change is None:
            sums[month].append(None)
            continue
        matured = share * rate * max(account.balance_on(day - timedelta(days=1)), ZERO)
        sums[month].append((matured, max(ZERO, min(matured, change))))
    return {
        month: None
        if known(events) is None
        else (rounded(sum(one for one, _ in events)), rounded(sum(other for _, other in events)))
        for month, events in sums.items()
    }


def _rolled(party: Party, matured: Account, share: Fraction, day: date, last_day: date) -> Fraction | None:
    """What came into the party's term accounts within the days, and what a renewed account still holds."""
    again = ZERO
    rates, month = party.facts.rates, month_of(last_day)
    for account, other_share in party.holdings:
        if not account.is_term:
            continue
        came_in = [
            entry.amount
            for in_month in range(month_of(day), month + 1)
            if in_month in account.months
            for entry in account.months[in_month].entries
            if day <= entry.day <= last_day and entry.direction == "credit" and entry.initiator != "system"
        ]
        if came_in:
            rate = rates.rate(account.currency, month)
            if rate is None:
                return None
            again += other_share * rate * sum(came_in, ZERO)
    if renews(matured):
        rate = rates.rate(matured.currency, month)
        if rate is None:
            return None
        again += share * rate * max(matured.balance_on(last_day), ZERO)
    return again


def _retained(party: Party, matured: Account, share: Fraction, day: date, last_day: date) -> Fraction | None:
    """The matured amount and the change of all the party's deposits within the days."""
    rates, month = party.facts.rates, month_of(last_day)
    rate = rates.rate(matured.currency, month)
    if rate is None:
        return None
    stayed = share * rate * max(matured.balance_on(day - timedelta(days=1)), ZERO)
    for account, other_share in party.holdings:
        change = account.moved(day, last_day)
        if day <= account.start <= last_day and account.opening_balance:
            change = (change or ZERO) + account.opening_balance
        if change is not None:
            rate = rates.rate(account.currency, month)
            if rate is None:
                return None
            stayed += other_share * rate * change
    return stayed


def _window(sums: Sums, month: int, length: int) -> tuple[Fraction | None, Fraction | None]:
    """Σ matured and Σ of what became of it over a window; it needs no rows, only events."""
    events = known([sums[past] for past in range(month - length + 1, month + 1) if past in sums])
    if events is None:
        return None, None
    return sum((one for one, _ in events), ZERO), sum((other for _, other in events), ZERO)
