"""What a customer earns the bank, by funds transfer pricing.

A month's contribution: what deposits and loans earn against the transfer price, plus fees, less the cost of
transactions and the expected loss. One unknown price or rate makes the month null, and every window with it.
"""

from __future__ import annotations

from fractions import Fraction

from .facts import Party, Rows, rounded
from .ledger import Account
from .lending import LoanPosition, credit_rating, valid_loans
from .values import whole_months
from .windows import total

ZERO = Fraction(0)
DEMAND_TENOR_MONTHS = DEFAULT_TERM_MONTHS = 12
MONTHS_PER_YEAR = 12
UNIT_COSTS = {
    "counter": Fraction(10),
    "self_service": Fraction(1),
    "online": Fraction("0.2"),
    "mobile": Fraction("0.1"),
}
DEFAULT_BY_RATING = {
    "AAA": Fraction(".0005"),
    "AA": Fraction(".001"),
    "A": Fraction(".0025"),
    "BBB": Fraction(".006"),
    "BB": Fraction(".02"),
    "B": Fraction(".06"),
    "C": Fraction(".2"),
    "D": Fraction(1),
}
DEFAULT_BY_CLASS = {
    "1": Fraction(".01"),
    "2": Fraction(".05"),
    "3": Fraction(".3"),
    "4": Fraction(".6"),
    "5": Fraction(1),
}
LOSS_GIVEN_DEFAULT, MORTGAGE_LOSS_GIVEN_DEFAULT = Fraction(".45"), Fraction(".2")


def add_contribution(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    for month, row in rows.items():
        parts = [_deposits(party, month), _fees(party, month), *_loans(party, month)]
        is_known = not any(part is None for part in parts)
        row["contribution_1m"] = rounded(sum(parts, ZERO) - _costs(party, month)) if is_known else None
    for month, row in rows.items():
        row["contribution_12m"] = total(rows, month, 12, "contribution_1m")


def _deposits(party: Party, month: int) -> Fraction | None:
    """What the deposits earn: transfer price less the customer's rate on the average balance."""

    def margin(account: Account, books) -> Fraction | None:
        price = party.facts.curve.price(_tenor(account), month)
        if price is None or account.interest_rate is None:
            return None
        return books.adb * (price - account.interest_rate) / MONTHS_PER_YEAR

    return party.exact(month, margin)


def _tenor(account: Account) -> int:
    """The original term of a term deposit; a year for everything else."""
    if not account.is_term:
        return DEMAND_TENOR_MONTHS
    if account.term_months:
        return account.term_months
    if account.maturity is not None:
        return whole_months(account.opened, account.maturity)
    return DEFAULT_TERM_MONTHS


def _fees(party: Party, month: int) -> Fraction | None:
    """Fees paid less fees given back."""
    return party.exact(
        month,
        lambda _, books: -sum((entry.signed_amount for entry in books.entries if entry.code == "fee"), ZERO),
    )


def _costs(party: Party, month: int) -> Fraction:
    """What serving cost, in base currency whatever the account's: by channel, everybody's transactions."""
    return sum(
        (
            share * entry.sign * UNIT_COSTS.get(entry.channel_group, ZERO)
            for account, share in party.held(month)
            for entry in account.months[month].entries
        ),
        ZERO,
    )


def _loans(party: Party, month: int) -> list[Fraction | None]:
    """Per loan what it earns against the transfer price, less the loss to expect."""
    rating = credit_rating(party, month)
    return [_loan(party, pair, rating, month) for pair in valid_loans(party, month)]


def _loan(party: Party, pair: LoanPosition, rating: str | None, month: int) -> Fraction | None:
    loan, position = pair
    if loan["disbursed_date"] is None or loan["maturity_date"] is None:
        return None
    tenor = whole_months(loan["disbursed_date"], loan["maturity_date"])
    price = party.facts.curve.price(tenor, month)
    exchange = party.facts.rates.rate(loan["currency_code"], month)
    if price is None or exchange is None or loan["interest_rate"] is None:
        return None
    is_mortgage = loan["product_code"] == "mortgage"
    lost = MORTGAGE_LOSS_GIVEN_DEFAULT if is_mortgage else LOSS_GIVEN_DEFAULT
    probability = DEFAULT_BY_RATING[rating] if rating else DEFAULT_BY_CLASS[position["five_class_code"]]
    margin = loan["interest_rate"] - price
    return exchange * position["outstanding_amount"] * (margin - probability * lost) / MONTHS_PER_YEAR
