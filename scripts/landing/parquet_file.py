"""The structure of a Parquet file; every page is read, so that damage is found before a build begins."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

from scripts.landing.landed import BLANKS, LandedColumn, StructureError
from scripts.landing.sql_text import LANDED_PATH, identifier, parquet_reader, path_literal
from scripts.landing.wall_clock import ZONED, is_known_zone

WIDEST_DECIMAL = 38  # DuckDB reads wider ones as doubles, and wrongly
READERS_OWN = ("file_row_number", LANDED_PATH)  # a landed column of such a name would hide the reader's


def inspect_parquet(
    path: Path, connection: duckdb.DuckDBPyConnection, *, is_read: bool = False
) -> tuple[tuple[LandedColumn, ...], int]:
    """Columns and number of rows of a Parquet file; with `is_read` these bytes have been read whole before."""
    if path.stat().st_size == 0:
        raise StructureError("the file is empty (0 bytes)", "Land it again")
    reader = parquet_reader([path])
    try:
        names = _column_names(path, connection)
        described = connection.execute(f"describe select * exclude ({LANDED_PATH}) from {reader}").fetchall()
    except duckdb.Error as error:
        raise StructureError(
            "the file can't be read: it is damaged, cut short or not Parquet", "Land it again"
        ) from error
    types = [row[1] for row in described]
    zones = _zones(path, connection) if ZONED in types else {}
    columns = [LandedColumn(*pair, zones.get(pair[0])) for pair in zip(names, types, strict=True)]
    if is_read:
        return tuple(columns), pyarrow.parquet.read_metadata(path).num_rows
    return tuple(columns), _read_everything(reader, [row[0] for row in described], connection)


def _column_names(path: Path, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Top-level columns as the file spells them; stops at those that the reader would get wrong."""
    schema = f"select name, num_children, precision from parquet_schema({path_literal(path)})"
    names: list[str] = []
    nested = 0  # schema nodes left inside the newest column
    for name, child_count, precision in connection.execute(schema).fetchall()[1:]:
        if nested:
            nested += (child_count or 0) - 1
            continue
        nested = child_count or 0
        names.append(name)
        if precision is not None and precision > WIDEST_DECIMAL:
            raise StructureError(
                f"a decimal of {precision} digits can't be read",
                f"Write it with at most {WIDEST_DECIMAL} digits, or as text",
                column=name.strip(BLANKS),
            )
        if name.lower() in READERS_OWN:
            raise StructureError("the name means something to the reader", "Rename the column", column=name)
    return names


def _zones(path: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The time zones that the file's Arrow schema gives to timestamps; not every writer leaves one."""
    zones = {}
    for field in pyarrow.parquet.read_schema(path):
        if pyarrow.types.is_timestamp(field.type) and field.type.tz:
            if not is_known_zone(field.type.tz, connection):
                remedy = "Write bank-local time without a zone"
                raise StructureError("the timestamp's time zone is unknown", remedy, column=field.name)
            zones[field.name] = field.type.tz
    return zones


def _read_everything(reader: str, names: list[str], connection: duckdb.DuckDBPyConnection) -> int:
    """Reads every value once and counts the rows; finds the column that can't be read."""
    try:
        return _read(reader, names, connection)
    except duckdb.Error as error:
        for name in names:
            try:
                _read(reader, [name], connection)
            except duckdb.Error:
                reason = "the file is damaged: the column's values can't be read"
                raise StructureError(reason, "Land it again", column=name.strip(BLANKS)) from error
        raise


def _read(reader: str, names: list[str], connection: duckdb.DuckDBPyConnection) -> int:
    values = ", ".join(identifier(name) for name in names)
    row = connection.execute(f"select count(*), bit_xor(hash({values})) from {reader}").fetchone()
    assert row is not None
    return row[0]
