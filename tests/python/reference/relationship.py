"""How much of its banking a customer does here: product lines and primacy."""

from __future__ import annotations

from .balances import held_positions
from .codes import PRODUCTS
from .facts import Party, Rows
from .lending import valid_loans
from .windows import quotient

SALARY_POINTS, STANDING_POINTS, FREQUENCY_POINTS = 3, 2, 2
DIGITAL_POINTS, CARD_POINTS, LINES_POINTS = 1, 1, 1
FREQUENT_PER_MONTH, MANY_LINES = 10, 3


def add_relationship(party: Party, rows: Rows) -> None:
    """Adds the features of every month that has a row; needs those of all other themes."""
    for month, row in rows.items():
        lines = _lines(party, row, month)
        row |= {
            "is_card_held": "card" in lines,
            "product_line_count": len(lines),
            "primacy_score": SALARY_POINTS * row["has_salary_inflow"]
            + STANDING_POINTS * (row["_standing_payment_count_12m"] > 0)
            + FREQUENCY_POINTS * (row["customer_txn_per_month_12m"] >= FREQUENT_PER_MONTH)
            + DIGITAL_POINTS * ((row["digital_share_12m"] or 0) > 0)
            + CARD_POINTS * ("card" in lines)
            + LINES_POINTS * (len(lines) >= MANY_LINES),
            "market_value_share": quotient(row["market_value"], row["aum_1m"]),
        }


def _lines(party: Party, row: dict, month: int) -> set[str]:
    """The product lines that the party holds on the month-end."""
    lines = set()
    for position in held_positions(party, month):
        line = PRODUCTS[position["product_code"]].line
        is_worth_something = position["market_value"] > 0
        if line == "card" or (line in ("wealth", "insurance") and is_worth_something):
            lines.add(line)
    if row["open_account_count"] > 0:
        lines.add("deposit")
    for loan, position in valid_loans(party, month):
        if PRODUCTS[loan["product_code"]].line == "card":
            lines.add("card")
        elif position["outstanding_amount"] > 0:
            lines.add("lending")
    if row["card_payment_count_12m"] > 0:
        lines.add("card")
    return lines
