"""What the features are computed from: all facts of a landing, and those of one party.

Rows of the grain are plain dictionaries. What a theme needs from month to month without publishing it stands
in the same row under a name with a leading underscore.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .cleansing import CleanLanding
from .ledger import Account, AccountMonth, Entry, build_accounts
from .market import Rates, Regions, TransferCurve
from .values import month_end, month_start, round_half_away

ZERO = Fraction(0)
POSITION_DAYS = 92  # how long the last known position counts
Row = dict[str, object]
Rows = dict[int, Row]  # by month


@dataclass
class Facts:
    """The accepted rows of a landing, arranged for the features."""

    first_month: int
    last_month: int
    accounts: dict[str, Account]
    rates: Rates
    curve: TransferCurve
    regions: Regions
    is_balance_after_landed: bool
    is_lending_landed: bool
    positions: dict[str, list[dict]] | None  # by customer_id; None when wealth.positions isn't landed
    versions: dict[str, list[dict]]  # of customers, by customer_id
    assessments: dict[str, list[dict]]  # by customer_id
    ratings: dict[str, list[dict]]  # by customer_id
    loans: dict[str, list[dict]]  # by customer_id
    loan_positions: dict[str, list[dict]]  # by loan_id

    @property
    def first_day(self) -> date:
        """The first day of the ledger."""
        return month_start(self.first_month)

    def ledger_months(self, month: int, length: int) -> int:
        """How many months a window has that never reaches before the first ledger month."""
        return min(length, month - self.first_month + 1)


def gather(clean: CleanLanding, first_month: int, last_month: int) -> Facts:
    """The facts of a cleansed landing."""
    lending = ("lending.loans", "lending.loan_positions")
    return Facts(
        first_month=first_month,
        last_month=last_month,
        accounts=build_accounts(
            clean.accepted("core.accounts"), clean.accepted("core.transactions"), first_month, last_month
        ),
        rates=Rates(clean.accepted("market.fx_rates"), clean.base_currency),
        curve=TransferCurve(clean.accepted("market.interest_rates")),
        regions=Regions(clean.accepted("market.regions")),
        is_balance_after_landed="balance_after" in clean.landed["core.transactions"].columns,
        is_lending_landed=all(clean.landed[name].is_landed for name in lending),
        positions=_grouped(clean.accepted("wealth.positions"), "customer_id")
        if clean.landed["wealth.positions"].is_landed
        else None,
        versions=_grouped(clean.versions("core.customers"), "customer_id"),
        assessments=_grouped(clean.accepted("wealth.risk_assessments"), "customer_id"),
        ratings=_grouped(clean.accepted("lending.credit_ratings"), "customer_id"),
        loans=_grouped(clean.accepted("lending.loans"), "customer_id"),
        loan_positions=_grouped(clean.accepted("lending.loan_positions"), "loan_id"),
    )


def _grouped(rows: Iterable[dict], column: str) -> dict[str, list[dict]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row[column]].append(row)
    return dict(grouped)


@dataclass
class Party:
    """One party: its records, and the accounts that it holds with its shares."""

    facts: Facts
    customer_ids: list[str]
    holdings: list[tuple[Account, Fraction]]
    _held: dict[int, list[tuple[Account, Fraction]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for month in range(self.facts.first_month, self.facts.last_month + 1):
            held = [(account, share) for account, share in self.holdings if month in account.months]
            if held:
                self._held[month] = held

    @property
    def months(self) -> list[int]:
        """The months in which the party has a row."""
        return list(self._held)

    def held(self, month: int) -> list[tuple[Account, Fraction]]:
        """The accounts of a month and the party's shares in them."""
        return self._held.get(month, [])

    def entries(self, month: int) -> list[Entry]:
        """What counts in a month, over all accounts."""
        return [entry for account, _ in self.held(month) for entry in account.months[month].entries]

    def of(self, rows_by_customer: dict[str, list[dict]]) -> list[dict]:
        """The rows of all the party's records."""
        return [row for one in self.customer_ids for row in rows_by_customer.get(one, [])]

    # ---- money of a month: shares and rates applied, None as soon as one held account has no rate ----

    def exact(
        self,
        month: int,
        value: Callable[[Account, AccountMonth], Fraction | None],
        is_wanted: Callable[[Account], bool] = lambda _: True,
    ) -> Fraction | None:
        """Σ share × rate × value over the wanted accounts; None also when one of the values is None."""
        total = ZERO
        for account, share in self.held(month):
            rate = self.facts.rates.rate(account.currency, month)
            amount = value(account, account.months[month]) if is_wanted(account) else ZERO
            if rate is None or amount is None:
                return None
            total += share * rate * amount
        return total

    def money(self, month: int, value: Callable, is_wanted: Callable = lambda _: True) -> Fraction | None:
        """The same, rounded to the cent."""
        return rounded(self.exact(month, value, is_wanted))

    def flow(self, month: int, is_wanted: Callable[[Entry], bool]) -> Fraction | None:
        """Σ amounts of the wanted entries of a month, contra entries negative, rounded to the cent."""
        return self.money(
            month, lambda _, books: sum((one.amount for one in books.entries if is_wanted(one)), ZERO)
        )

    def largest(self, month: int, is_wanted: Callable[[Entry], bool]) -> Fraction | None:
        """The largest single wanted entry; 0 without any, contra entries are negative."""
        largest = ZERO
        for account, share in self.held(month):
            rate = self.facts.rates.rate(account.currency, month)
            if rate is None:
                return None
            for entry in account.months[month].entries:
                if is_wanted(entry):
                    largest = max(largest, share * rate * entry.amount)
        return round_half_away(largest)


def rounded(number: Fraction | None) -> Fraction | None:
    """To the cent, half away from zero; None stays None."""
    return None if number is None else round_half_away(number)


def valid_positions(rows: Iterable[dict], key: tuple[str, ...], month: int) -> list[dict]:
    """The last known position per key, as long as it is younger than 92 days on the month-end."""
    day = month_end(month)
    last: dict[Hashable, dict] = {}
    for row in rows:
        place = tuple(row[name] for name in key)
        if row["position_date"] <= day and (
            place not in last or row["position_date"] > last[place]["position_date"]
        ):
            last[place] = row
    return [row for row in last.values() if (day - row["position_date"]).days < POSITION_DAYS]
