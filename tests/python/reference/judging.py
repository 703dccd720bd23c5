"""Judges every row by itself: types its values and finds the first reason to reject it, if there is one.

The order of reasons is the order of `reason_codes.csv`; within a reason the first column in contract order.
A bad value in a descriptive column becomes null with the warning `nulled_value`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .codes import REASON_ORDER, canonical
from .contract import Column, Table
from .landing import LandedRow
from .values import (
    HIGHEST,
    HIGHEST_RATE,
    MONEY_SCALE,
    RATE_SCALE,
    SHARE_SCALE,
    BadValueError,
    parse_boolean,
    parse_date,
    parse_double,
    parse_integer,
    parse_number,
    parse_timestamp,
    round_half_away,
)

# (table, earlier column, later column, the column that is blamed)
_DATE_PAIRS = (
    ("core.accounts", "opened_date", "closed_date", "closed_date"),
    ("core.accounts", "opened_date", "maturity_date", "maturity_date"),
    ("core.transactions", "booked_at", "loaded_at", "booked_at"),
    ("lending.loans", "disbursed_date", "maturity_date", "maturity_date"),
    ("crm.judgements", "valid_from", "valid_to", "valid_to"),
)


@dataclass
class JudgedRow:
    """A landed row, its typed values, and what became of it."""

    landed: LandedRow
    values: dict[str, object]
    outcome: str = "accepted"  # accepted duplicate rejected
    reason: str | None = None
    column: str | None = None
    warnings: list[tuple[str, str]] = field(default_factory=list)  # reason, column

    def reject(self, reason: str, column: str | None = None) -> None:
        """The row doesn't count, for this reason."""
        self.outcome, self.reason, self.column = "rejected", reason, column

    def set_aside(self, reason: str) -> None:
        """Another row of the same key stands in its place."""
        self.outcome, self.reason, self.column = "duplicate", reason, None

    def content(self, table: Table) -> tuple:
        """All typed values, to compare rows."""
        return tuple(self.values.get(name) for name in table.column_names)


@dataclass
class Context:
    """What a row is judged against besides itself."""

    base_currency: str
    rated_currencies: set[str] = field(default_factory=set)  # with an accepted row in market.fx_rates
    regions: set[str] | None = None  # None when market.regions isn't landed


def judge_row(table: Table, landed: LandedRow, context: Context) -> JudgedRow:
    """The row with typed values; rejected when anything in it is wrong, accepted so far otherwise."""
    row = JudgedRow(landed, {})
    if not landed.has_right_width:
        row.reject("wrong_width")
        return row
    problems: list[tuple[int, int, str, str]] = []

    def report(reason: str, column_name: str) -> None:
        place = table.column_names.index(column_name)
        problems.append((REASON_ORDER[reason], place, reason, column_name))

    for column in table.columns:
        text = landed.values.get(column.name)
        row.values[column.name] = None
        if text is None:
            if column.name in table.key:
                report("missing_key", column.name)
            elif column.needed:
                report("missing_value", column.name)
            continue
        try:
            row.values[column.name] = _typed(table, column, text, context)
        except BadValueError as error:
            if column.descriptive:
                row.warnings.append(("nulled_value", column.name))
            else:
                report(str(error), column.name)
    for table_name, earlier, later, blamed in _DATE_PAIRS:
        if table_name == table.name:
            first, second = row.values[earlier], row.values[later]
            if first is not None and second is not None and second < first:
                report("impossible_date", blamed)
    if table.name == "core.customers":
        _null_impossible_birth_date(row)
    if problems:
        *_, reason, column_name = min(problems)
        row.reject(reason, column_name)
    return row


def _null_impossible_birth_date(row: JudgedRow) -> None:
    born, since, stamp = (row.values[name] for name in ("birth_date", "customer_since_date", "updated_at"))
    if born is None:
        return
    if (since is not None and born > since) or (isinstance(stamp, datetime) and born > stamp.date()):
        row.values["birth_date"] = None
        row.warnings.append(("nulled_value", "birth_date"))


def _typed(table: Table, column: Column, text: str, context: Context) -> object:
    """The typed value of a text that isn't blank; raises BadValueError with the reason."""
    if column.kind == "date":
        return parse_date(text)
    if column.kind == "timestamp":
        return parse_timestamp(text)
    if column.kind == "boolean":
        return parse_boolean(text)
    if column.kind == "text":
        return _code(table, column, text, context)
    return _number(column, text)


def _number(column: Column, text: str) -> object:
    if column.kind == "integer":
        number = exact = parse_integer(text)
    elif column.kind == "double":
        number, exact = parse_double(text), parse_number(text)
    else:
        exact = parse_number(text)
        scale = {"money": MONEY_SCALE, "rate": RATE_SCALE, "share": SHARE_SCALE}[column.kind]
        number = round_half_away(exact, scale)
        if abs(number) >= (HIGHEST_RATE if column.kind == "rate" else HIGHEST):
            raise BadValueError("bad_number")
    is_low = column.minimum is not None and exact < column.minimum
    is_high = column.maximum is not None and exact > column.maximum
    if is_low or is_high or (column.above_zero and number <= 0):
        raise BadValueError("out_of_range")
    if column.positive and number <= 0:
        raise BadValueError("non_positive_amount")
    return number


def _code(table: Table, column: Column, text: str, context: Context) -> str:
    """A text in its canonical spelling: codes as in the lists, currencies and regions in upper case."""
    if column.name in ("currency_code", "region_code"):
        text = text.upper()
    if column.codes is None:
        return text
    if column.codes == "currency_code":
        if text != context.base_currency and text not in context.rated_currencies:
            raise BadValueError("unknown_currency")
        return text
    if column.codes == "region_code":
        if context.regions is not None and text not in context.regions:
            raise BadValueError("unknown_code")
        return text
    code = canonical(column.codes, text)
    if code is None:
        raise BadValueError("unknown_code")
    return code
