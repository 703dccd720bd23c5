"""The accounts month by month, in account currency: balances, and the entries that reversals leave standing.

Balances and net flows contain every transaction. `Entry` is what counts for deposits and investments: a pair
of original and reversal inside one month vanishes, a reversal in a later month is a contra entry of its own
month in the original's categories. A reversal that cancels nothing is an ordinary system transaction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .codes import TRANSACTION_CODES
from .values import days_in_month, month_end, month_of, month_start

ZERO = Fraction(0)


@dataclass(frozen=True)
class Entry:
    """An amount that counts in a month, by the categories of the transaction behind it."""

    month: int
    direction: str
    initiator: str
    flow_kind: str
    amount: Fraction  # negative for a contra entry

    @property
    def is_deposit(self) -> bool:
        """A credit from outside that the bank's own system didn't book."""
        is_external = self.flow_kind == "external"
        return self.direction == "credit" and is_external and self.initiator != "system"

    @property
    def signed_amount(self) -> Fraction:
        """Positive into the account."""
        return self.amount if self.direction == "credit" else -self.amount


@dataclass
class AccountMonth:
    """One account in one month, account currency."""

    start_balance: Fraction  # at the month's start, or at opening
    end_balance: Fraction
    adb: Fraction
    net_flow: Fraction
    min_balance: Fraction | None  # None: transactions, but none with a balance_after
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Account:
    """An accepted account and its months."""

    account_id: str
    currency: str
    opened: date
    closed: date | None
    months: dict[int, AccountMonth] = field(default_factory=dict)

    def is_open_on(self, day: date) -> bool:
        """Whether it is still open at the end of the day; its closing day is no longer open."""
        return self.opened <= day and (self.closed is None or self.closed > day)


def signed(transaction: dict) -> Fraction:
    """The amount of a transaction, positive into the account."""
    amount = transaction["amount"]
    return amount if transaction["direction"] == "credit" else -amount


def standing_entries(transactions: list[dict]) -> dict[str, list[Entry]]:
    """Per account what counts after reversals."""
    originals = {row["transaction_id"]: row for row in transactions}
    cancelled_by = _cancelling_reversals(transactions, originals)
    cancelling_ids = {row["transaction_id"] for row in cancelled_by.values()}
    entries: dict[str, list[Entry]] = defaultdict(list)
    for row in transactions:
        if row["transaction_id"] in cancelling_ids:
            continue
        reversal = cancelled_by.get(row["transaction_id"])
        month = month_of(row["booked_at"].date())
        reversal_month = month_of(reversal["booked_at"].date()) if reversal else None
        if reversal_month != month:
            entries[row["account_id"]].append(_entry(row, month, row["amount"]))
            if reversal:
                contra = _entry(row, reversal_month, -reversal["amount"])
                entries[row["account_id"]].append(contra)
    return entries


def _entry(row: dict, month: int, amount: Fraction) -> Entry:
    code = TRANSACTION_CODES[row["transaction_code"]]
    initiator = "system" if row["reverses_transaction_id"] is not None else code.initiator
    return Entry(month, row["direction"], initiator, code.flow_kind, amount)


def _cancelling_reversals(transactions: list[dict], originals: dict[str, dict]) -> dict[str, dict]:
    """Original's id: the first reversal of its whole amount. A smaller one is a partial refund."""
    cancelled_by: dict[str, dict] = {}
    for row in sorted(transactions, key=lambda row: (row["booked_at"], row["transaction_id"])):
        original = originals.get(row["reverses_transaction_id"])
        if original is not None and row["amount"] == original["amount"]:
            cancelled_by.setdefault(original["transaction_id"], row)
    return cancelled_by


def build_accounts(
    accounts: list[dict], transactions: list[dict], first_month: int, last_month: int
) -> dict[str, Account]:
    """Every account with all its months from the first ledger month to the last month asked for.

    An account exists from the month in which it was opened to the month in which it was closed. Facts after
    the last month are ignored.
    """
    transactions = [row for row in transactions if month_of(row["booked_at"].date()) <= last_month]
    entries = standing_entries(transactions)
    by_account: dict[str, dict[int, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in transactions:
        by_account[row["account_id"]][month_of(row["booked_at"].date())].append(row)
    built = {}
    for row in accounts:
        account = Account(row["account_id"], row["currency_code"], row["opened_date"], row["closed_date"])
        _fill_months(
            account, row["opening_balance"] or ZERO, by_account[account.account_id], first_month, last_month
        )
        for entry in entries[account.account_id]:
            account.months[entry.month].entries.append(entry)
        built[account.account_id] = account
    return built


def _fill_months(
    account: Account,
    opening_balance: Fraction,
    transactions: dict[int, list[dict]],
    first_month: int,
    last_month: int,
) -> None:
    start_day = max(account.opened, month_start(first_month))
    end_month = last_month if account.closed is None else min(last_month, month_of(account.closed))
    balance = ZERO
    for month in range(month_of(start_day), end_month + 1):
        days = days_in_month(month)
        moves = [(row["booked_at"].date(), signed(row)) for row in transactions.get(month, [])]
        net_flow = sum((amount for _, amount in moves), ZERO)
        start_balance = balance
        if month == month_of(start_day):  # the opening balance enters like a transaction
            moves.append((start_day, opening_balance))
            start_balance = opening_balance
        weighted = sum((amount * Fraction(days - day.day + 1, days) for day, amount in moves), ZERO)
        adb = balance + weighted
        balance += sum((amount for _, amount in moves), ZERO)
        minimum = _min_balance(start_balance, transactions.get(month, []))
        account.months[month] = AccountMonth(start_balance, balance, adb, net_flow, minimum)


def _min_balance(start_balance: Fraction, transactions: list[dict]) -> Fraction | None:
    if not transactions:
        return start_balance
    known = [row["balance_after"] for row in transactions if row["balance_after"] is not None]
    return min([start_balance, *known]) if known else None


class Rates:
    """Exchange rates as known on month-ends."""

    def __init__(self, fx_rates: list[dict], base_currency: str) -> None:
        self._base = base_currency
        self._known: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
        for row in fx_rates:
            self._known[row["currency_code"]].append((row["rate_date"], row["rate_to_base"]))
        self._cache: dict[tuple[str, int], Fraction | None] = {}

    def rate(self, currency: str, month: int) -> Fraction | None:
        """The last rate on or before the month-end; None before the first one; 1 for the base currency."""
        if currency == self._base:
            return Fraction(1)
        place = (currency, month)
        if place not in self._cache:
            day = month_end(month)
            past = [known for known in self._known[currency] if known[0] <= day]
            self._cache[place] = max(past)[1] if past else None
        return self._cache[place]
