"""The journal of a month: what the modules want to book, before it is put in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .randomness import Ints

_COLUMNS: dict[str, type] = {
    "who": np.int64,
    "place": np.int8,
    "number": np.int64,
    "second": np.int64,
    "cents": np.int64,
    "code": np.int8,
    "channel": np.int8,
    "party": np.int64,
    "bank": np.int8,
    "flexible": np.bool_,
    "reverses": np.int64,
}


@dataclass
class Batch:
    """Columns of equal length: customer of the block, place and number of the account, second of the month,
    signed cents, code, channel, counterparty, its bank, whether the amount may shrink when there isn't
    enough money, and the transaction number that is reversed (-1: none)."""

    columns: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.columns["who"])

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def take(self, rows: np.ndarray) -> Batch:
        """Some rows, in the given order."""
        return Batch({name: column[rows] for name, column in self.columns.items()})

    @staticmethod
    def join(batches: list[Batch]) -> Batch:
        """Batches one after the other."""
        return Batch(
            {
                name: np.concatenate([batch[name] for batch in batches] or [np.zeros(0, kind)])
                for name, kind in _COLUMNS.items()
            }
        )


class Journal:
    """Bookings of one month and one block."""

    def __init__(self, customers: int) -> None:
        self.customers = customers
        self._batches: list[Batch] = []

    def add(
        self,
        who: Ints,
        place: ArrayLike,
        number: ArrayLike,
        second: ArrayLike,
        cents: ArrayLike,
        code: ArrayLike,
        channel: ArrayLike,
        *,
        party: ArrayLike = -1,
        bank: ArrayLike = -1,
        flexible: ArrayLike = False,
        reverses: ArrayLike = -1,
    ) -> None:
        """Book rows; scalars hold for all. Rows of 0 cents are left out."""
        values = (who, place, number, second, cents, code, channel, party, bank, flexible, reverses)
        rows = len(who)
        columns = {}
        for (name, kind), value in zip(_COLUMNS.items(), values, strict=True):
            column = np.asarray(value, dtype=kind)
            columns[name] = np.broadcast_to(column, rows) if column.ndim == 0 else column
        nonzero = columns["cents"] != 0
        batch = Batch(columns)
        self._batches.append(batch if nonzero.all() else batch.take(np.flatnonzero(nonzero)))

    def main_total(self, *, credits: bool) -> Ints:
        """Cents booked so far on the main accounts, by customer: credits, or debits as a positive number."""
        total = np.zeros(self.customers)
        for batch in self._batches:
            right = (batch["place"] == 0) & ((batch["cents"] > 0) == credits)
            if right.any():
                weights = np.abs(batch["cents"][right]).astype(np.float64)
                total += np.bincount(batch["who"][right], weights, minlength=self.customers)
        return total.astype(np.int64)

    def all(self) -> Batch:
        """Everything booked."""
        return Batch.join(self._batches)
