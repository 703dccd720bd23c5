"""The accounts month by month, in account currency: balances, and the entries that reversals leave standing.

Balances and net flows contain every transaction. `Entry` is what counts for everything else (counts, deposits,
channels, salary, fees): a pair of original and reversal inside one month vanishes, a reversal in a later month
is a contra entry of its own month and day in the original's categories. A reversal that cancels nothing is an
ordinary system transaction.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import accumulate

from .codes import CHANNEL_GROUPS, PRODUCTS, TRANSACTION_CODES, Product
from .values import days_in_month, month_of, month_start

ZERO = Fraction(0)


@dataclass(slots=True)
class Entry:
    """An amount that counts in a month, by the categories of the transaction behind it."""

    day: date
    sign: int  # -1 for a contra entry
    amount: Fraction  # negative for a contra entry
    direction: str
    code: str
    initiator: str
    flow_kind: str
    is_regular_income: bool
    channel_group: str | None
    counterparty_id: str | None
    bank_code: str | None

    @property
    def is_by_customer(self) -> bool:
        """Whether the customer did it."""
        return self.initiator == "customer"

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
    product: Product
    currency: str
    opened: date
    closed: date | None
    term_months: int | None
    maturity: date | None
    interest_rate: Fraction | None
    auto_renew: bool
    opening_balance: Fraction
    start: date  # when the opening balance enters
    months: dict[int, AccountMonth] = field(default_factory=dict)
    move_days: list[date] = field(default_factory=list)  # of every transaction, in order
    move_totals: list[Fraction] = field(default_factory=list)  # signed amounts up to and including each

    @property
    def is_term(self) -> bool:
        """Whether it is a term deposit."""
        return self.product.kind == "term"

    def is_open_on(self, day: date) -> bool:
        """Whether it is still open at the end of the day; its closing day is no longer open."""
        return self.opened <= day and (self.closed is None or self.closed > day)

    def moved(self, first: date, last: date) -> Fraction | None:
        """Σ signed amounts of all transactions booked from the first to the last day; None without any."""
        before, until = bisect_left(self.move_days, first), bisect_right(self.move_days, last)
        return None if before == until else self._moved_by(until) - self._moved_by(before)

    def balance_on(self, day: date) -> Fraction:
        """The balance at the end of a day; nothing before its start and after its closing month."""
        is_over = self.closed is not None and month_of(day) > month_of(self.closed)
        if day < self.start or is_over:
            return ZERO
        return self.opening_balance + self._moved_by(bisect_right(self.move_days, day))

    def _moved_by(self, count: int) -> Fraction:
        return self.move_totals[count - 1] if count else ZERO


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
        day = row["booked_at"].date()
        reversal_day = reversal["booked_at"].date() if reversal else None
        if reversal_day is None or month_of(reversal_day) != month_of(day):
            entries[row["account_id"]].append(_entry(row, day, 1))
            if reversal:
                entries[row["account_id"]].append(_entry(row, reversal_day, -1))
    return entries


def _entry(row: dict, day: date, sign: int) -> Entry:
    """A transaction as it counts; with sign -1 its contra entry, of the same categories and whole amount."""
    code = TRANSACTION_CODES[row["transaction_code"]]
    return Entry(
        day=day,
        sign=sign,
        amount=sign * row["amount"],
        direction=row["direction"],
        code=row["transaction_code"],
        initiator="system" if row["reverses_transaction_id"] is not None else code.initiator,
        flow_kind=code.flow_kind,
        is_regular_income=code.is_regular_income,
        channel_group=CHANNEL_GROUPS.get(row["channel_code"]),
        counterparty_id=row["counterparty_id"],
        bank_code=row["counterparty_bank_code"],
    )


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
        account = Account(
            account_id=row["account_id"],
            product=PRODUCTS[row["product_code"]],
            currency=row["currency_code"],
            opened=row["opened_date"],
            closed=row["closed_date"],
            term_months=row["term_months"],
            maturity=row["maturity_date"],
            interest_rate=row["interest_rate"],
            auto_renew=row["auto_renew"] is True,
            opening_balance=row["opening_balance"] or ZERO,
            start=max(row["opened_date"], month_start(first_month)),
        )
        _fill_months(account, by_account[account.account_id], last_month)
        for entry in entries[account.account_id]:
            account.months[month_of(entry.day)].entries.append(entry)
        built[account.account_id] = account
    return built


def _fill_months(account: Account, transactions: dict[int, list[dict]], last_month: int) -> None:
    booked = [(row["booked_at"].date(), signed(row)) for rows in transactions.values() for row in rows]
    all_moves = sorted(booked, key=lambda move: move[0])
    account.move_days = [day for day, _ in all_moves]
    account.move_totals = list(accumulate(amount for _, amount in all_moves))
    end_month = last_month if account.closed is None else min(last_month, month_of(account.closed))
    balance = ZERO
    for month in range(month_of(account.start), end_month + 1):
        days = days_in_month(month)
        moves = [(row["booked_at"].date(), signed(row)) for row in transactions.get(month, [])]
        net_flow = sum((amount for _, amount in moves), ZERO)
        start_balance = balance
        if month == month_of(account.start):  # the opening balance enters like a transaction
            moves.append((account.start, account.opening_balance))
            start_balance = account.opening_balance
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
