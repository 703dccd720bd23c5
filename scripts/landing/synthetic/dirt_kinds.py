"""How a row is soiled: the two kinds of rules, and the changes that they are made of.

An *edit* changes a value of a real row in a way that leaves the row acceptable: another case, blanks,
another spelling of a boolean or number, a bad value in a descriptive column. A *phantom* is an extra row,
made from a real one, that must be rejected or counted as a duplicate; the real row stays, so that the
accounts of the accepted rows always add up. Rules marked `text` need a column of text: they are skipped
where the table is written as typed Parquet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Row = dict[str, str | None]

_LEAP_YEAR = "1996"
"""Year of stamps that must be older than any other; it has a 29 February."""


@dataclass(frozen=True)
class Edit:
    """A change of one column of a share of the real rows."""

    name: str
    column: str
    change: Callable[[str], str]
    factor: float = 1.0
    """Multiplies the table's share."""
    text: bool = True


@dataclass(frozen=True)
class Phantom:
    """Extra rows made from a share of the real ones."""

    name: str
    make: Callable[[Row], list[Row]]
    factor: float = 1.0
    text: bool = False
    is_raw: bool = False
    """The row is written with too few fields."""


def with_values(**values: str | None) -> Callable[[Row], list[Row]]:
    return lambda row: [{**row, **values}]


def resend(row: Row) -> list[Row]:
    return [dict(row)]


def renamed(key: str, letter: str, **values: str | None) -> Callable[[Row], list[Row]]:
    """A row under a key that nothing else has."""
    return lambda row: [{**row, key: letter + str(row[key])[1:], **values}]


def conflict(key: str, letter: str, column: str, one: str, other: str) -> Callable[[Row], list[Row]]:
    """Two rows of the same new key and stamp with different content."""
    return lambda row: [{**row, key: letter + str(row[key])[1:], column: value} for value in (one, other)]


def older(stamp: str, column: str, value: str) -> Callable[[Row], list[Row]]:
    """The same key with an older stamp."""
    return lambda row: [{**row, stamp: _LEAP_YEAR + str(row[stamp])[4:], column: value}]


def newer(stamp: str, **values: str | None) -> Callable[[Row], list[Row]]:
    """An invalid newest version: it is rejected and the older one stands."""
    return lambda row: [{**row, stamp: str(row[stamp])[:17] + "59", **values}]


def upper(value: str) -> str:
    return value.upper()


def padded(value: str) -> str:
    return f"  {value} "


def constant(text: str) -> Callable[[str], str]:
    return lambda _value: text


def exponent(value: str) -> str:
    return f"{float(value):.6e}"


def spelled(yes: str, no: str) -> Callable[[str], str]:
    return lambda value: yes if value == "true" else no


def offset(value: str) -> str:
    return value.replace(" ", "T") + "+08:00"
