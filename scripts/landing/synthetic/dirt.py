"""Writes rows to the landing together with their dirt, and counts what was planted."""

from __future__ import annotations

import csv
import io
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .block import Block, Month
from .dirt_edits import EDITS
from .dirt_kinds import Row
from .dirt_phantoms import BOOST, PHANTOMS
from .dirt_transactions import soiled
from .ledger import Booked
from .months import Calendar
from .parameters import Dirt as Shares
from .randomness import Draws, Ints, element
from .schema import TABLES
from .writers import Landing, as_text


def addresses(rows: pa.Table) -> Ints:
    """Addresses for draws, from the digits of the first column and the turn among rows of equal digits:
    they don't depend on which block a row was written with. Rows without digits go by their place."""
    first = rows.column(0).cast(pa.string())
    digits = pc.utf8_slice_codeunits(first, 1, 20)
    if not rows.num_rows or not pc.all(pc.fill_null(pc.utf8_is_digit(digits), False)).as_py():
        return np.arange(rows.num_rows, dtype=np.int64)
    number = digits.cast(pa.int64()).to_numpy()
    order = np.argsort(number, kind="stable")
    in_order = number[order]
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]])
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(number)]))
    turn = np.empty(len(number), dtype=np.int64)
    turn[order] = np.arange(len(number)) - starts[group]
    return element(number, turn)


class Dirt:
    """The one door through which rows reach the landing."""

    def __init__(self, draws: Draws, shares: Shares, calendar: Calendar) -> None:
        self.draws = draws
        self.shares = shares
        self.calendar = calendar
        self.planted: Counter[str] = Counter()

    def write(self, landing: Landing, table: str, month: int, rows: pa.Table) -> None:
        """Write rows of a month with the dirt of their table."""
        part = self.calendar.label(month)
        if not rows.num_rows:
            landing.write(table, part, rows)
            return
        is_text = landing.forms[table].kind == "csv"
        address = addresses(rows)
        share = self.shares.customer if table == "core.customers" else self.shares.small_table * BOOST.get(table, 1.0)
        extra, raw = self._phantoms(table, month, rows, address, share, is_text)
        edited = self._edit(table, month, as_text(rows) if is_text else rows, address, share, is_text)
        landing.write(table, part, edited, [_raw_line(row, landing.forms[table].delimiter) for row in raw])
        if extra:
            landing.write(table, part, from_text(table, extra, is_text))

    def write_transactions(self, landing: Landing, block: Block, month: Month, booked: Booked) -> None:
        """Write the transactions of a month with their dirt."""
        rows, planted = soiled(block, month, booked, self.shares)
        self.planted.update(planted)
        part = self.calendar.label(month.number)
        landing.write("core.transactions", part, rows)
        if landing.forms["core.transactions"].kind == "csv":
            address = addresses(rows)
            extra, raw = self._phantoms("core.transactions", month.number, rows, address, self.shares.phantom, True)
            if extra or raw:
                lines = [_raw_line(row, landing.forms["core.transactions"].delimiter) for row in raw]
                landing.write("core.transactions", part, from_text("core.transactions", extra, True), lines)

    def _edit(self, table: str, month: int, rows: pa.Table, address: Ints, share: float, is_text: bool) -> pa.Table:
        for turn, rule in enumerate(EDITS.get(table, ())):
            if rule.text and not is_text:
                continue
            size = self.shares.nulled if table == "core.customers" else share
            chosen = self.draws.chance(f"dirt/{table}/edit{turn}", address, size * rule.factor, month)
            at = rows.column_names.index(rule.column)
            column = rows.column(at).cast(pa.string()).combine_chunks()
            chosen &= np.asarray(column.is_valid())
            if not chosen.any():
                continue
            values = [rule.change(value) for value in column.filter(pa.array(chosen)).to_pylist()]
            self.planted[f"{table}: {rule.name}"] += len(values)
            column = pc.replace_with_mask(column, pa.array(chosen), pa.array(values, pa.string()))
            rows = rows.set_column(at, rule.column, column if is_text else column.dictionary_encode())
        return rows

    def _phantoms(
        self, table: str, month: int, rows: pa.Table, address: Ints, share: float, is_text: bool
    ) -> tuple[list[Row], list[Row]]:
        extra: list[Row] = []
        raw: list[Row] = []
        for turn, rule in enumerate(PHANTOMS.get(table, ())):
            if rule.text and not is_text:
                continue
            chosen = np.flatnonzero(self.draws.chance(f"dirt/{table}/{turn}", address, share * rule.factor, month))
            if not len(chosen):
                continue
            made = [new for row in as_text(rows.take(chosen)).to_pylist() for new in rule.make(row)]
            self.planted[f"{table}: {rule.name}"] += len(made)
            (raw if rule.is_raw else extra).extend(made)
        return extra, raw


def from_text(table: str, rows: list[Row], is_text: bool) -> pa.Table:
    """Rows of text as they are, or typed by the contract."""
    text = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in TABLES[table].names})
    return text if is_text else text.cast(TABLES[table])


def _raw_line(row: Row, delimiter: str) -> str:
    """A line that has lost its last two fields."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(list(row.values())[:-2])
    return line.getvalue()
