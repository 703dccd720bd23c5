"""Shows the landing to dbt on DuckDB: one view per contract table over the landed files.

    python -m scripts.landing.load_duckdb

Nothing landed is stored in the work file: it holds views alone, and two tables that say what has been landed:
`landing.landed_columns` (which columns of the contract) and `landing.landed_files` (which files, and a hash of each).
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from scripts.keys import ensure_keys
from scripts.landing.contract import LOADER_SCHEMA
from scripts.landing.gate import EXIT_REFUSED, inspect_landing, print_landing, print_problems
from scripts.landing.landed import LandedTable, LandingError, Problem
from scripts.landing.read_files import files_read, note_read_files
from scripts.landing.view_sql import landed_query
from scripts.settings import read_settings

LANDED_COLUMNS = {"source_name": "text", "table_name": "text", "column_name": "text", "is_landed": "boolean"}
LANDED_FILES = {"source_name": "text", "table_name": "text", "landed_file": "text", "content_hash": "text"}


def create_landing_views(connection: duckdb.DuckDBPyConnection, landed_tables: list[LandedTable]) -> None:
    """Creates or replaces all views, landing.landed_columns and landing.landed_files, or changes nothing."""
    connection.begin()
    try:
        for table in landed_tables:
            contract = table.contract
            connection.execute(f"create schema if not exists {contract.schema}")
            view = f"{contract.schema}.{contract.name}"
            connection.execute(f"create or replace view {view} as {landed_query(table)}")
            _compare_with_gate(connection, table)
        _create_lists(connection, landed_tables)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def landed_column_rows(landed_tables: list[LandedTable]) -> list[tuple[str, str, str, bool]]:
    """Every column of the contract, and whether it has been landed."""
    return [
        (table.contract.source, table.contract.name, column.name, table.is_column_landed(column.name))
        for table in landed_tables
        for column in table.contract.columns
    ]


def landed_file_rows(landed_tables: list[LandedTable]) -> list[tuple[str, str, str, str]]:
    """Every landed file and the hash of its bytes: what an earlier build has staged is told by it."""
    return [
        (table.contract.source, table.contract.name, file.name, file.sha256)
        for table in landed_tables
        for file in table.files
    ]


def _create_lists(connection: duckdb.DuckDBPyConnection, landed_tables: list[LandedTable]) -> None:
    connection.execute(f"create schema if not exists {LOADER_SCHEMA}")
    lists = (("landed_columns", LANDED_COLUMNS, landed_column_rows), ("landed_files", LANDED_FILES, landed_file_rows))
    for name, columns, rows_of in lists:
        definitions = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        connection.execute(f"create or replace table {LOADER_SCHEMA}.{name} ({definitions})")
        rows = rows_of(landed_tables)
        if rows:
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"insert into {LOADER_SCHEMA}.{name} values ({marks})", rows)


def _compare_with_gate(connection: duckdb.DuckDBPyConnection, table: LandedTable) -> None:
    """DuckDB must find as many records in a CSV file as the gate, and as many of a wrong width.

    Where a file is new, in all files of its table: a view reads them together.
    """
    if all(file.is_known or not file.csv for file in table.files):
        return
    name = f"{table.contract.schema}.{table.contract.name}"
    counted = connection.execute(
        f"select landed_file, count(*), count_if(is_wrong_width) from {name} group by landed_file"
    ).fetchall()
    read = {file: (rows, wrong) for file, rows, wrong in counted}
    problems = [
        Problem(
            file=file.name,
            text=f"the gate counts {file.row_count} rows, DuckDB {read[file.name][0]}, or other widths",
            remedy="If the file didn't change meanwhile, report it, and land the table as Parquet until then",
        )
        for file in table.files
        if file.csv and read.setdefault(file.name, (0, 0)) != (file.row_count, file.csv.wrong_width_count)
    ]
    if problems:
        raise LandingError(problems)


def open_work_file(work_file: Path) -> duckdb.DuckDBPyConnection:
    """Opens the work file, made when it is absent.

    It is made in the newest format, which is smaller and quicker to write: only this project reads it. Releases keep
    the format that older readers know.
    """
    work_file.parent.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(str(work_file), config={"storage_compatibility_version": "latest"})


def main() -> int:
    """Keys, gate, views; one line a table."""
    settings = read_settings()
    try:
        tables = inspect_landing(settings.landing, files_read(settings))
        ensure_keys(settings)
        with open_work_file(settings.work_file) as connection:
            create_landing_views(connection, tables)
        note_read_files(settings, tables)
    except LandingError as error:
        print_problems(error)
        return EXIT_REFUSED
    print_landing(tables, settings.landing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
