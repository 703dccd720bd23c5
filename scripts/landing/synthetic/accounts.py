"""The accounts of a block of customers.

A customer has six places for accounts: the main account, a second demand account, a foreign-currency
account and three term deposits. A place holds one open account at a time; each account that was ever opened
has a running number of its own within its customer. What happens to accounts is logged as the versions and
holders that the core system delivers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .months import NEVER
from .randomness import Bools, Ints

MAIN, SECOND, FOREIGN, TERMS = 0, 1, 2, (3, 4, 5)
PLACES = 6
NO_OPENING = -1
"""An account without an opening balance (null in the landing)."""


@dataclass
class AccountLog:
    """Versions of accounts of one month: rows of the account table."""

    rows: list[dict[str, np.ndarray]] = field(default_factory=list)

    def take(self) -> dict[str, np.ndarray]:
        """All rows so far, and start anew."""
        names = ("who", "place", *Accounts.FIELDS, "closed", "stamp", "is_new")
        merged = {name: np.concatenate([row[name] for row in self.rows] or [np.zeros(0, int)]) for name in names}
        self.rows = []
        return merged


class Accounts:
    """Open accounts by customer and place."""

    FIELDS = (
        "number",
        "product",
        "currency",
        "opened",
        "opening",
        "rate",
        "term",
        "maturity",
        "renews",
        "channel",
    )

    def __init__(self, customers: int) -> None:
        shape = (customers, PLACES)
        self.number = np.full(shape, -1, dtype=np.int64)
        """Running number of the open account, -1 where the place is free."""
        self.product = np.zeros(shape, dtype=np.int64)
        self.currency = np.zeros(shape, dtype=np.int64)
        self.opened = np.zeros(shape, dtype=np.int64)
        self.opening = np.full(shape, NO_OPENING, dtype=np.int64)
        self.rate = np.zeros(shape)
        self.term = np.zeros(shape, dtype=np.int64)
        self.maturity = np.full(shape, NEVER, dtype=np.int64)
        self.renews = np.zeros(shape, dtype=bool)
        self.channel = np.zeros(shape, dtype=np.int64)
        self.balance = np.zeros(shape, dtype=np.int64)
        """Cents of the account's currency at the end of the last month."""
        self.due = np.full(shape, NEVER, dtype=np.int64)
        """Day on which the bank next does something with a term deposit."""
        self.count = np.zeros(customers, dtype=np.int64)
        """Accounts ever opened."""
        self.left = np.zeros(customers, dtype=bool)
        """Customers who have closed everything."""
        self.log = AccountLog()
        self.start_number = self.number.copy()
        self.start_balance = self.balance.copy()

    def begin_month(self) -> None:
        """Remember what the month starts from."""
        self.start_number = self.number.copy()
        self.start_balance = self.balance.copy()

    def is_open(self, place: int) -> Bools:
        """Whether a place holds an account."""
        return self.number[:, place] >= 0

    def open(
        self,
        who: Ints,
        place: int,
        *,
        product: Ints | int,
        currency: Ints | int = 0,
        opened: Ints,
        opening: Ints | int = NO_OPENING,
        rate: np.ndarray | float,
        term: Ints | int = 0,
        maturity: Ints | int = NEVER,
        renews: Bools | bool = False,
        channel: Ints | int = 0,
        stamp: Ints,
    ) -> None:
        """Open an account in a free place; `stamp` is the second at which the core system writes the row."""
        if not len(who):
            return
        self.number[who, place] = self.count[who]
        self.count[who] += 1
        for name, value in (
            ("product", product),
            ("currency", currency),
            ("opened", opened),
            ("opening", opening),
            ("rate", rate),
            ("term", term),
            ("maturity", maturity),
            ("renews", renews),
            ("channel", channel),
            ("due", maturity),
        ):
            getattr(self, name)[who, place] = value
        self.balance[who, place] = np.maximum(self.opening[who, place], 0)
        self._write(who, place, np.full(len(who), NEVER), stamp, is_new=True)

    def close(self, who: Ints, place: int, day: Ints, stamp: Ints) -> None:
        """Close accounts at the end of a day; their balance must reach zero in the journal."""
        if not len(who):
            return
        self._write(who, place, day, stamp, is_new=False)
        self.number[who, place] = -1
        self.due[who, place] = NEVER
        self.balance[who, place] = 0

    def _write(self, who: Ints, place: int, closed: Ints, stamp: Ints, *, is_new: bool) -> None:
        row = {name: getattr(self, name)[who, place] for name in self.FIELDS}
        row |= {"who": np.asarray(who), "place": np.full(len(who), place), "closed": np.asarray(closed)}
        self.log.rows.append(row | {"stamp": np.asarray(stamp), "is_new": np.full(len(who), is_new)})
