"""Runs the Berka adapter for the tests, and reads what it has landed."""

from contextlib import redirect_stderr
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "core.customers",
    "core.accounts",
    "core.account_holders",
    "core.transactions",
    "lending.loans",
    "market.regions",
)


class Done(NamedTuple):
    returncode: int
    stderr: str


def run(folder: Path, landing: Path) -> Done:
    """The command line without a process of its own, which would cost most of the time."""
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(StringIO()) as stderr:
        patch.syspath_prepend(ROOT)
        adapter = import_module("scripts.landing.berka")
        code = adapter.main(["--input", str(folder), "--landing", str(landing)])
        return Done(code, stderr.getvalue())


def open_landing(landing: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in TABLES:
        path = landing / f"{table.replace('.', '/')}.parquet"
        connection.execute(f"create view {table.split('.')[1]} as select * from '{path}'")
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return connection.execute(query).fetchall()
