"""Writes the files of small landings byte by byte, for tests of the landing's door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet

from scripts.landing.contract import Table, contract_tables
from scripts.landing.gate import inspect_landing
from scripts.landing.load_duckdb import create_landing_views

REQUIRED = ("customers", "accounts", "account_holders", "transactions")
PERSONAL = "Li Wei 31012345"  # stands in every row that is landed here


def contract(name: str) -> Table:
    """The contract of a table, by its name without the source."""
    return next(table for table in contract_tables() if table.name == name)


def column_names(name: str) -> list[str]:
    """The columns of a table in contract order."""
    return [column.name for column in contract(name).columns]


HOLDERS = "core/account_holders.csv"
HOLDERS_HEADER = ",".join(column_names("account_holders"))
SELECT_HOLDERS = "select * from landing_core.account_holders order by landed_file, landed_row"
LOADERS_COLUMNS = ["landed_file", "landed_row", "is_wrong_width", "landed_text"]


@contextmanager
def warehouse(landing: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database as dbt opens its work file: no insertion order, several threads; shows a landing if given."""
    with duckdb.connect(config={"preserve_insertion_order": "false", "threads": 4}) as connection:
        if landing is not None:
            create_landing_views(connection, inspect_landing(landing))
        yield connection


def landed_holders(landing: Path) -> list[tuple]:
    """The rows of account_holders in a landing, in order."""
    with warehouse(landing) as connection:
        return connection.execute(SELECT_HOLDERS).fetchall()


def write(landing: Path, name: str, content: str | bytes) -> Path:
    """Writes a file of the landing."""
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def csv_text(name: str, rows: int = 2, delimiter: str = ",", line_end: str = "\n") -> str:
    """A table as CSV: its header and rows of one value."""
    header = column_names(name)
    lines = [header] + [[PERSONAL] * len(header)] * rows
    return "".join(delimiter.join(line) + line_end for line in lines)


def write_parquet(landing: Path, name: str, columns: dict[str, pa.Array | list]) -> Path:
    """Writes a Parquet file of the landing."""
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pa.table(columns), path)
    return path


def parquet_columns(name: str, **columns: pa.Array | list) -> dict[str, pa.Array | list]:
    """The columns of a table with one row of text, some of them replaced."""
    size = len(next(iter(columns.values()))) if columns else 1
    return {**{column: [PERSONAL] * size for column in column_names(name)}, **columns}


def land_required(landing: Path) -> Path:
    """A landing with all required tables as CSV and nothing wrong."""
    for name in REQUIRED:
        write(landing, f"core/{name}.csv", csv_text(name))
    return landing
