"""The landing on disk: typed Parquet and text CSV, written part by part while the blocks go by."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from .layout import Form, forms
from .schema import TABLES

_DICTIONARY = {
    "core.transactions": [
        "account_id",
        "direction",
        "transaction_code",
        "channel_code",
        "counterparty_bank_code",
    ],
}


def as_text(table: pa.Table) -> pa.Table:
    """Every column as the text that a CSV extract would show."""
    columns = []
    for column in table.columns:
        kind = column.type
        if pa.types.is_timestamp(kind):
            column = pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
        columns.append(column.cast(pa.string()))
    # pyarrow's CSV writer writes garbage when columns are cut into chunks at different rows
    return pa.table(columns, names=table.column_names).combine_chunks()


def _csv_bytes(table: pa.Table, form: Form) -> bytes:
    sink = io.BytesIO()
    pcsv.write_csv(as_text(table), sink, pcsv.WriteOptions(include_header=False, delimiter=form.delimiter))
    text = sink.getvalue()
    return text if form.line_end == "\n" else text.replace(b"\n", form.line_end.encode())


class Landing:
    """Writes the tables of a landing. Rows of a month go to the month's part, or to the end of the single
    file."""

    def __init__(self, folder: Path, kind: str, *, append: bool = False) -> None:
        self.folder = folder
        self.forms = forms(kind)
        self.append = append
        self.rows: dict[str, int] = dict.fromkeys(TABLES, 0)
        self._parquet: dict[Path, pq.ParquetWriter] = {}
        self._csv: dict[Path, BinaryIO] = {}

    def path(self, table: str, part: str) -> Path:
        """File of a part of a table."""
        form = self.forms[table]
        source, name = table.split(".")
        if form.is_folder:
            return self.folder / source / name / f"{part}.{form.kind}"
        return self.folder / source / f"{name}.{form.kind}"

    def write(self, table: str, part: str, rows: pa.Table, raw_lines: list[str] | None = None) -> None:
        """Add rows to a part; `raw_lines` are written as they are (CSV only)."""
        form = self.forms[table]
        path = self.path(table, part)
        self.rows[table] += rows.num_rows + len(raw_lines or [])
        if form.kind == "parquet":
            self._write_parquet(table, path, rows)
        else:
            self._write_csv(table, form, path, rows, raw_lines or [])

    def _write_parquet(self, table: str, path: Path, rows: pa.Table) -> None:
        writer = self._parquet.get(path)
        if writer is None:
            earlier = pq.read_table(path) if self.append and path.exists() else None
            path.parent.mkdir(parents=True, exist_ok=True)
            # Dictionary columns are written as they are; without Arrow's own schema they read as plain text.
            writer = pq.ParquetWriter(
                path,
                rows.schema if earlier is None else TABLES[table],
                compression="zstd",
                compression_level=1,
                store_decimal_as_integer=True,
                use_dictionary=_DICTIONARY.get(table, True),
                store_schema=False,
            )
            self._parquet[path] = writer
            if earlier is not None:
                writer.write_table(earlier.cast(TABLES[table]))
        if rows.num_rows:
            writer.write_table(rows if rows.schema.equals(writer.schema) else rows.cast(writer.schema))

    def _write_csv(self, table: str, form: Form, path: Path, rows: pa.Table, raw_lines: list[str]) -> None:
        file = self._csv.get(path)
        if file is None:
            continues = self.append and path.exists() and not form.is_folder
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("ab" if continues else "wb")
            self._csv[path] = file
            if not continues:
                names = [*TABLES[table].names, *([form.extra_column] if form.extra_column else [])]
                header = form.delimiter.join(name.upper() if form.upper_names else name for name in names)
                file.write((b"\xef\xbb\xbf" if form.has_bom else b"") + (header + form.line_end).encode())
        if rows.num_rows:
            if form.extra_column:
                rows = rows.append_column(form.extra_column, pa.array(["synthetic"] * rows.num_rows))
            file.write(_csv_bytes(rows, form))
        for line in raw_lines:
            file.write((line + form.line_end).encode())

    def close(self) -> None:
        """Finish all files."""
        for writer in self._parquet.values():
            writer.close()
        for file in self._csv.values():
            file.close()
        self._parquet, self._csv = {}, {}

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
