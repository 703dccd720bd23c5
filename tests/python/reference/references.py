"""Checks that what a standing row refers to is there: parents, account dates, reversed transactions."""

from __future__ import annotations

from .judging import JudgedRow
from .landing import LandedRow

# Child table: its parents, by the column that refers to them. A parent is judged before its children.
PARENTS = {
    "core.account_holders": (("account_id", "core.accounts"), ("customer_id", "core.customers")),
    "core.transactions": (("account_id", "core.accounts"),),
    "wealth.positions": (("customer_id", "core.customers"),),
    "wealth.risk_assessments": (("customer_id", "core.customers"),),
    "lending.loans": (("customer_id", "core.customers"),),
    "lending.loan_positions": (("loan_id", "lending.loans"),),
    "lending.credit_ratings": (("customer_id", "core.customers"),),
    "crm.consents": (("customer_id", "core.customers"),),
    "crm.interactions": (("customer_id", "core.customers"),),
    "crm.judgements": (("customer_id", "core.customers"),),
}


def check_references(tables: dict[str, list[JudgedRow]]) -> None:
    """Rejects standing rows whose references don't hold."""
    for child, parents in PARENTS.items():
        ids = {parent: set(_standing(tables[parent], column)) for column, parent in parents}
        for row in tables[child]:
            if row.outcome == "accepted":
                for column, parent in parents:
                    if row.values[column] not in ids[parent]:
                        row.reject("orphan", column)
                        break
    _check_account_dates(tables)
    _check_reversals(tables["core.transactions"])


def _standing(rows: list[JudgedRow], key_column: str) -> dict[str, JudgedRow]:
    return {row.values[key_column]: row for row in rows if row.outcome == "accepted"}


def _check_account_dates(tables: dict[str, list[JudgedRow]]) -> None:
    """A booking lies between the account's opening and its closing."""
    accounts = _standing(tables["core.accounts"], "account_id")
    for row in tables["core.transactions"]:
        if row.outcome == "accepted":
            account = accounts[row.values["account_id"]].values
            day = row.values["booked_at"].date()
            closed = account["closed_date"]
            if day < account["opened_date"] or (closed is not None and day > closed):
                row.reject("impossible_date", "booked_at")


def _check_reversals(rows: list[JudgedRow]) -> None:
    """A reversal of a landed transaction must fit it."""
    landed_ids = {_landed_id(row.landed) for row in rows} - {None}
    standing = _standing(rows, "transaction_id")

    def verdict(row: JudgedRow) -> str | None:
        original_id = row.values["reverses_transaction_id"]
        if original_id is None:
            return None
        if original_id == row.values["transaction_id"]:
            return "bad_reversal"
        if original_id not in landed_ids:
            return "unlanded_original"
        if original_id not in standing:
            return "orphan"
        original = standing[original_id]
        if original.values["reverses_transaction_id"] is not None:  # a reversal can't be reversed
            return "bad_reversal" if _stands_as_reversal(original) else "orphan"
        return None if _fits(row, original) else "bad_reversal"

    def _stands_as_reversal(row: JudgedRow) -> bool:
        """Whether a row that names an original is accepted; never when that original is a reversal too."""
        original_id = row.values["reverses_transaction_id"]
        if original_id not in landed_ids:
            return True
        original = standing.get(original_id)
        if original is None or original.values["reverses_transaction_id"] is not None:
            return False
        return _fits(row, original)

    verdicts = [(row, verdict(row)) for row in standing.values()]
    for row, reason in verdicts:
        if reason == "unlanded_original":
            row.warnings.append((reason, "reverses_transaction_id"))
        elif reason is not None:
            row.reject(reason, "reverses_transaction_id")


def _landed_id(row: LandedRow) -> str | None:
    return row.values.get("transaction_id")


def _fits(reversal: JudgedRow, original: JudgedRow) -> bool:
    back, there = reversal.values, original.values
    return (
        back["account_id"] == there["account_id"]
        and back["direction"] != there["direction"]
        and back["amount"] <= there["amount"]
        and back["booked_at"] >= there["booked_at"]
    )
