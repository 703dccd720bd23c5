"""What a set of late facts is made from: rows read off the landing, collected, reported and written."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from .dirt import from_text
from .dirt_kinds import Row
from .months import Calendar, iso
from .parameters import Parameters, Settings
from .randomness import Draws
from .schema import TABLES
from .writers import Landing, as_text

_OWN_NUMBERS = 5_000
"""Running numbers of late transactions within their customer and month begin here."""


def stamp(day: int, clock: str) -> str:
    """A timestamp as text."""
    return f"{iso(day)} {clock}"


class LateFacts:
    """Collects the facts of one change and writes them."""

    def __init__(self, landing: Landing, settings: Settings, parameters: Parameters, change: int) -> None:
        self.landing = landing
        self.settings = settings
        self.parameters = parameters
        self.change = change
        self.draws = Draws(settings.seed)
        self.calendar = Calendar(settings.first_month)
        self.last = settings.months - 1
        self.loaded = stamp(self.calendar.end(self.last) + 2, f"04:{change % 60:02d}:00")
        self.facts: dict[str, list[Row]] = {}
        self.report: list[str] = []

    def add(self, table: str, what: str, rows: list[Row]) -> None:
        """Remember rows and say what they are."""
        if not rows:
            return
        self.facts.setdefault(table, []).extend(rows)
        key = TABLES[table].names[0]
        self.report.append(f"{table}: {len(rows)} × {what} ({', '.join(sorted({str(row[key]) for row in rows}))})")

    def back(self, months: int) -> int:
        """A month so many months before the last one, inside the history."""
        return max(0, self.last - months)

    def head(self, table: str, month: int) -> pa.Table:
        """The first rows of a part, as text."""
        path = self.landing.path(table, self.calendar.label(month))
        form = self.landing.forms[table]
        if form.kind == "parquet":
            return as_text(pq.ParquetFile(path).read_row_group(0))
        options = pcsv.ConvertOptions(
            column_types={name: pa.string() for name in TABLES[table].names},
            include_columns=TABLES[table].names,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )
        parse = pcsv.ParseOptions(
            delimiter=form.delimiter, newlines_in_values=True, invalid_row_handler=lambda _row: "skip"
        )
        with pcsv.open_csv(path, parse_options=parse, convert_options=options) as reader:
            return pa.Table.from_batches([reader.read_next_batch()])

    def pick(self, rows: pa.Table, name: str, count: int) -> list[Row]:
        """Some rows, at random places; another choice for each change."""
        if not rows.num_rows:
            return []
        turns = np.arange(count) + 1_000 * self.change
        places = sorted(set(self.draws.integers(f"late/{name}", turns, 0, rows.num_rows).tolist()))
        return rows.take(places).to_pylist()

    def plain_transactions(self, month: int, code: str) -> pa.Table:
        """Clean transactions of a code on main accounts of a month."""
        rows = self.head("core.transactions", month)
        turn = pc.cast(
            pc.utf8_slice_codeunits(pc.fill_null(rows["transaction_id"], "T" + "9" * 16), 13, 17), pa.int64()
        )
        number = pc.utf8_slice_codeunits(pc.fill_null(rows["account_id"], "A99999999999"), 9, 12)
        clean = pc.and_(pc.and_(pc.equal(rows["transaction_code"], code), pc.less(turn, 400)), pc.equal(number, "000"))
        clean = pc.and_(clean, pc.is_in(rows["direction"], pa.array(["credit", "debit"])))
        clean = pc.and_(clean, pc.equal(pc.utf8_slice_codeunits(rows["booked_at"], 0, 7), self.calendar.label(month)))
        return rows.filter(pc.fill_null(clean, False))

    def new_id(self, row: Row, turn: int) -> str:
        """Number of a late transaction beside an existing one."""
        return f"{str(row['transaction_id'])[:13]}{_OWN_NUMBERS + 50 * (self.change % 20) + turn:04d}"

    def write(self) -> None:
        """Write all facts."""
        for table, rows in self.facts.items():
            is_text = self.landing.forms[table].kind == "csv"
            self.landing.write(table, f"late-{self.change:02d}", from_text(table, rows, is_text))
