"""Calendar arithmetic on day numbers (days since 1970-01-01) and month numbers (0 = first month of the
history)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY = 86_400
"""Seconds of a day."""

NEVER = 1_000_000
"""Month or day number of something that doesn't happen."""


def _months(days: ArrayLike) -> NDArray[np.datetime64]:
    return np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[M]")


def add_months(days: ArrayLike, count: ArrayLike) -> NDArray[np.int64]:
    """The same day of the month `count` months later; the last day where that month is shorter."""
    days = np.asarray(days, dtype=np.int64)
    month = _months(days)
    offset = days - month.astype("datetime64[D]").astype(np.int64)
    target = month + np.asarray(count, dtype=np.int64)
    start = target.astype("datetime64[D]").astype(np.int64)
    length = (target + 1).astype("datetime64[D]").astype(np.int64) - start
    return start + np.minimum(offset, length - 1)


def day_number(text: str) -> int:
    """Day number of an ISO date."""
    return int(np.datetime64(text, "D").astype(np.int64))


def iso(day: int) -> str:
    """ISO date of a day number."""
    return str(np.int64(day).astype("datetime64[D]"))


@dataclass(frozen=True)
class Calendar:
    """The months of a history."""

    first_month: str

    def _month(self, month: int) -> np.datetime64:
        return np.datetime64(self.first_month, "M") + month

    def start(self, month: int) -> int:
        """Day number of the month's first day."""
        return int(self._month(month).astype("datetime64[D]").astype(np.int64))

    def end(self, month: int) -> int:
        """Day number of the month's last day."""
        return self.start(month + 1) - 1

    def length(self, month: int) -> int:
        """Days of the month."""
        return self.start(month + 1) - self.start(month)

    def label(self, month: int) -> str:
        """`YYYY-MM`."""
        return str(self._month(month))

    def compact(self, month: int) -> int:
        """YYMM as a number, part of the transaction numbers."""
        label = self.label(month)
        return int(label[2:4] + label[5:7])

    def month_of_year(self, month: int) -> int:
        """1 to 12."""
        return int(self.label(month)[5:7])
