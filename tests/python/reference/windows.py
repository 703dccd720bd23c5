"""Trailing windows over the rows of a party: sums of published monthly values, null as soon as one is null."""

from __future__ import annotations

from fractions import Fraction

from .facts import Rows
from .values import published_ratio

ZERO = Fraction(0)


def months_with_row(rows: Rows, month: int, length: int) -> list[int]:
    """The months of a trailing window that have a row; none lies before the first ledger month."""
    return [past for past in range(month - length + 1, month + 1) if past in rows]


def values(rows: Rows, month: int, length: int, name: str) -> list:
    """A column over a trailing window."""
    return [rows[past][name] for past in months_with_row(rows, month, length)]


def known(numbers: list) -> list | None:
    """The numbers, or None when one of them is."""
    return None if any(number is None for number in numbers) else numbers


def total(rows: Rows, month: int, length: int, name: str) -> Fraction | None:
    """Σ of a money column over a window; months without a row count 0."""
    numbers = known(values(rows, month, length, name))
    return None if numbers is None else sum(numbers, ZERO)


def total_from_zero(rows: Rows, month: int, length: int, name: str) -> Fraction | None:
    """The same, never below 0: contra entries of older originals can't make a window negative."""
    number = total(rows, month, length, name)
    return None if number is None else max(ZERO, number)


def count(rows: Rows, month: int, length: int, name: str) -> int:
    """Σ of a count over a window, never below 0."""
    return max(0, sum(values(rows, month, length, name)))


def quotient(number: Fraction | None, divisor: Fraction | None) -> float | None:
    """A published ratio; null without a divisor above 0."""
    if number is None or divisor is None or divisor <= 0:
        return None
    return published_ratio(Fraction(number) / divisor)
