"""Two engines' marts, value by value: keys, codes, counts and money exact, ratios within a tolerance."""

from __future__ import annotations

from collections.abc import Iterable

RATIO_TOLERANCE = 1e-9


def sort_key(row: tuple) -> tuple:
    """An order that all engines' rows have in common."""
    return tuple(("" if value is None else str(value)) for value in row if not isinstance(value, float))


def is_same(value: object, other: object) -> bool:
    """Exact but for ratios."""
    if isinstance(value, float) and isinstance(other, float):
        return value == other or abs(value - other) <= RATIO_TOLERANCE * max(1.0, abs(other))
    return value == other


def assert_same_rows(table: str, rows: Iterable[tuple], others: Iterable[tuple]) -> None:
    """The same rows in any order."""
    ours, theirs = sorted(rows, key=sort_key), sorted(others, key=sort_key)
    assert len(ours) == len(theirs), table
    wrong = [
        (row, other)
        for row, other in zip(ours, theirs, strict=True)
        if not all(is_same(value, another) for value, another in zip(row, other, strict=True))
    ]
    assert not wrong, f"{table}: {len(wrong)} of {len(ours)} rows differ, such as {wrong[0]}"
