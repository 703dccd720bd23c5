"""Reads a landing folder into rows of text, whatever the form and format of its tables.

Structural faults raise `LandingError`: they stop a run before anything changes. Faults of single rows don't;
a row of the wrong width has `has_right_width = False` and no values, because no field can be trusted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from .contract import TABLES, Table
from .values import trim

csv.field_size_limit(2**31 - 1)


class LandingError(Exception):
    """The landing can't be used; the message says which file, which column."""


@dataclass
class LandedRow:
    """One row as it arrived: trimmed text per contract column, null for blank."""

    table: str
    file: str
    number: int  # 1 for the first row after the header
    values: dict[str, str | None]
    has_right_width: bool = True


@dataclass
class LandedTable:
    """All rows of one table, and which of its columns arrived."""

    contract: Table
    is_landed: bool = False
    columns: set[str] = field(default_factory=set)
    extra_columns: set[str] = field(default_factory=set)
    rows: list[LandedRow] = field(default_factory=list)


def read_landing(landing: Path) -> dict[str, LandedTable]:
    """Every table of the contract; absent optional ones are empty and `is_landed` is false."""
    return {name: _read_table(Path(landing), contract) for name, contract in TABLES.items()}


def _read_table(landing: Path, contract: Table) -> LandedTable:
    table = LandedTable(contract)
    files = _files(landing, contract)
    if not files:
        if not contract.optional:
            raise LandingError(f"{contract.name}: required table is absent")
        return table
    table.is_landed = True
    for file in files:
        if file.stat().st_size == 0:
            raise LandingError(f"{file}: the file is empty")
        read = _read_parquet if file.suffix == ".parquet" else _read_csv
        lines = iter(read(file))
        header = [(trim(name) or "").lower() for name in next(lines, [])]
        _check_header(file, header, contract)
        table.columns |= set(header) & set(contract.column_names)
        table.extra_columns |= set(header) - set(contract.column_names)
        table.rows.extend(_rows(contract, file.relative_to(landing).as_posix(), header, lines))
    return table


def _files(landing: Path, contract: Table) -> list[Path]:
    """The files of a table: one file, or the parts in its folder; never a mixture."""
    source, entity = contract.name.split(".")
    forms = []
    for suffix in (".csv", ".parquet"):
        file = landing / source / f"{entity}{suffix}"
        if file.is_file():
            forms.append([file])
    folder = landing / source / entity
    if folder.is_dir():
        for suffix in (".csv", ".parquet"):
            parts = [part for part in folder.iterdir() if part.is_file() and part.suffix == suffix]
            parts = sorted(part for part in parts if part.name[0] not in "._")
            if parts:
                forms.append(parts)
    if len(forms) > 1:
        raise LandingError(f"{contract.name}: landed in more than one form or format")
    return forms[0] if forms else []


def _check_header(file: Path, header: list[str], contract: Table) -> None:
    for name in header:
        if header.count(name) > 1:
            raise LandingError(f"{file}: column {name!r} is repeated")
    for column in contract.columns:
        if column.name not in header and not column.optional:
            raise LandingError(f"{file}: column {column.name!r} is absent")


def _rows(contract: Table, file: str, header: list[str], lines: Iterable[list]) -> Iterator[LandedRow]:
    wanted = set(contract.column_names)
    number = 0
    for fields in lines:
        if not fields or (len(fields) == 1 and trim(fields[0]) is None):
            continue  # an empty line
        number += 1
        if len(fields) != len(header):
            yield LandedRow(contract.name, file, number, {}, has_right_width=False)
            continue
        values = {name: trim(text) for name, text in zip(header, fields, strict=True) if name in wanted}
        yield LandedRow(contract.name, file, number, values)


def _read_csv(file: Path) -> list[list[str]]:
    """All lines of a CSV file, the header first; empty lines before it are skipped."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LandingError(f"{file}: not UTF-8") from error
    first_line = next((line for line in text.splitlines() if trim(line)), "")
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise LandingError(f"{file}: unreadable, perhaps an unclosed quote ({error})") from error
    while lines and not any(trim(cell) for cell in lines[0]):
        lines.pop(0)
    return lines


def _read_parquet(file: Path) -> Iterator[list[str | None]]:
    """The column names, then every row with its typed values as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file).read()
    except (pa.ArrowException, OSError) as error:
        raise LandingError(f"{file}: unreadable Parquet ({error})") from error
    yield table.column_names
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):  # nanoseconds don't fit Python's datetime
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        columns.append([_as_text(value) for value in column.to_pylist()])
    for number in range(table.num_rows):
        yield [column[number] for column in columns]


def _as_text(value: object) -> str | None:
    """A typed value as the text that a CSV would have held."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return repr(value)  # integers and doubles
