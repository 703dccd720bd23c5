"""Loans and credit: what is outstanding, how late it is, how it is classified and rated."""

from __future__ import annotations

from fractions import Fraction

from .facts import Party, Rows, rounded, valid_positions
from .values import month_end, month_of
from .windows import quotient

ZERO = Fraction(0)
NPL_CLASS = 3  # this or worse
RATINGS = ("AAA", "AA", "A", "BBB", "BB", "B", "C", "D")  # the best first
LoanPosition = tuple[dict, dict]  # the loan and its position


def add_lending(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row."""
    for month, row in rows.items():
        loans = valid_loans(party, month)
        outstanding = bad = None
        if party.facts.is_lending_landed:
            outstanding = _outstanding(party, loans, month)
            bad_loans = [pair for pair in loans if _five_class(pair) >= NPL_CLASS]
            bad = _outstanding(party, bad_loans, month)
        days_late = [position["days_past_due"] for _, position in loans]
        row |= {
            "loan_outstanding": outstanding,
            "has_loan": None if outstanding is None else outstanding > 0,
            "npl_share": quotient(bad, outstanding),
            "days_past_due": max((days for days in days_late if days is not None), default=None),
            "worst_five_class": max((_five_class(pair) for pair in loans), default=None),
            "credit_rating_code": credit_rating(party, month),
        }
        row |= _arrears(party, month)


def valid_loans(party: Party, month: int) -> list[LoanPosition]:
    """Every loan with its last known position, as long as that counts."""
    facts = party.facts
    loans = {row["loan_id"]: row for row in party.of(facts.loans)}
    positions = [row for loan_id in loans for row in facts.loan_positions.get(loan_id, [])]
    return [(loans[row["loan_id"]], row) for row in valid_positions(positions, ("loan_id",), month)]


def _five_class(pair: LoanPosition) -> int:
    return int(pair[1]["five_class_code"])


def _outstanding(party: Party, loans: list[LoanPosition], month: int) -> Fraction | None:
    """Σ outstanding in base currency, rounded; None when a rate isn't known."""
    amounts = ZERO
    for loan, position in loans:
        rate = party.facts.rates.rate(loan["currency_code"], month)
        if rate is None:
            return None
        amounts += rate * position["outstanding_amount"]
    return rounded(amounts)


def _arrears(party: Party, month: int) -> dict[str, object]:
    """Every position dated in the twelve months, whether or not there is a row; null without any.

    One that doesn't say how late the loan is adds nothing, but is a position.
    """
    first_month = month - party.facts.ledger_months(month, 12) + 1
    late: dict[int, list[int]] = {}
    is_any_dated = False
    for loan in party.of(party.facts.loans):
        for position in party.facts.loan_positions.get(loan["loan_id"], []):
            dated = month_of(position["position_date"])
            if first_month <= dated <= month:
                is_any_dated = True
                if position["days_past_due"] is not None:
                    late.setdefault(dated, []).append(position["days_past_due"])
    return {
        "max_dpd_12m": max((max(days) for days in late.values()), default=None),
        "overdue_months_12m": sum(max(days) > 0 for days in late.values()) if is_any_dated else None,
    }


def credit_rating(party: Party, month: int) -> str | None:
    """The newest rating of the party's records by the month-end; the worse of two at the same time."""
    day = month_end(month)
    known = [
        row
        for row in party.of(party.facts.ratings)
        if row["rated_at"].date() <= day and row["rating_code"] is not None
    ]
    if not known:
        return None
    newest = max(row["rated_at"] for row in known)
    return max((row["rating_code"] for row in known if row["rated_at"] == newest), key=RATINGS.index)
