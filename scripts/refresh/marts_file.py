"""A file of marts and nothing else, plain or encrypted: writing one, and opening it."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from scripts.landing.sql_text import identifier, literal
from scripts.refresh.content_hash import comment_statement, hash_table, row_order
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.run import Run, connect
from scripts.settings import Settings

Tables = dict[str, dict[str, Any]]


def copy_marts(run: Run, target: Path, schema: str, key: str | None = None, last: Path | None = None) -> Tables:
    """Copies every table of a schema with its types, constraints and comments, rows in the order of the key.

    `last` is a file whose monthly marts hold the months before the run's first one already: to sort, compress and write
    them again would cost more than all that is new. Returns what the finished file holds, read back from it: rows and
    content hash of each table.
    """
    if last is not None:
        shutil.copyfile(last, target)
    with open_file(run.settings, target, key, is_new=True) as connection:
        connection.execute(f"attach {literal(str(run.settings.work_file))} as work (read_only)")
        connection.execute(f"create schema if not exists {schema}")
        tables = _tables(connection, "work", schema)
        kept = _keep_months(run, connection, schema, tables) if last is not None else {}
        connection.begin()  # a commit for each of a thousand comments would cost more than the rows
        for name, (definition, comment) in tables.items():
            if name not in kept:
                connection.execute(definition)
                _copy_comments(connection, schema, name, comment)
        connection.commit()
        for name in tables:
            order = ", ".join(identifier(column) for column in row_order(connection, schema, name))
            condition = kept.get(name, "true")
            query = f"select * from work.{schema}.{name} where {condition} order by {order}"
            connection.execute(f"insert into {schema}.{name} {query}")
        connection.execute("detach work")
    return read_tables(run.settings, target, schema, key)


def _tables(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> dict[str, tuple[str, str | None]]:
    """Definition and comment of each table."""
    rows = connection.execute(
        "select table_name, sql, comment from duckdb_tables() where database_name = ? and schema_name = ?"
        " order by table_name",
        [database, schema],
    ).fetchall()
    return {name: (definition, comment) for name, definition, comment in rows}


def _keep_months(
    run: Run, connection: duckdb.DuckDBPyConnection, schema: str, tables: dict[str, tuple[str, str | None]]
) -> dict[str, str]:
    """Drops the tables that are written again, and of the monthly marts the rows that are; says which rows to add."""
    present = _tables(connection, "release", schema)
    kept = {}
    for name in present:
        if name not in run.monthly_marts | run.customer_marts or present[name] != tables.get(name):
            connection.execute(f"drop table {schema}.{name}")
            continue
        made = _rows_made_again(run, name)
        published = f"(select min(as_of_date) from work.{schema}.{name})"
        connection.execute(f"delete from {schema}.{name} where ({made}) or as_of_date < {published}")
        kept[name] = made
    connection.execute("checkpoint release")
    return kept


def _rows_made_again(run: Run, mart: str) -> str:
    """The condition that dbt's macro made_rows() gives, over the months that the run has noted."""
    first, first_of_all = (
        f"date '{month}-01'" if month else "date 'infinity'" for month in (run.rebuilt_from, run.all_rebuilt_from)
    )
    if mart in run.monthly_marts or first == first_of_all:
        return f"as_of_date >= {first}"
    changed = "select customer_key from work.panel.rebuild_window where customer_key is not null"
    return f"as_of_date >= {first} and (as_of_date >= {first_of_all} or customer_key in ({changed}))"


def read_tables(settings: Settings, file: Path, schema: str, key: str | None = None) -> Tables:
    """Rows and content hash of each table of a file."""
    with open_file(settings, file, key) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where database_name = current_database() and schema_name = ?"
            " order by table_name",
            [schema],
        ).fetchall()
        return {
            name: {
                "row_count": connection.table(f"{schema}.{name}").shape[0],
                "content_hash": hash_table(connection, schema, name),
            }
            for (name,) in names
        }


@contextmanager
def open_file(
    settings: Settings, file: Path, key: str | None, *, is_new: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file as the database in use; with a key it is encrypted. Everything is in the file when it is closed."""
    options = [] if is_new else ["read_only"]
    if key is not None:
        options.append(f"encryption_key {literal(key)}")
    with connect(settings) as connection:
        if key is not None and is_new:
            connection.execute(f"load {literal(str(find_openssl()))}")
        connection.execute(f"attach {literal(str(file))} as release" + (f" ({', '.join(options)})" if options else ""))
        connection.execute("use release")
        yield connection
        connection.execute("use memory")
        connection.execute("detach release")


def find_openssl() -> Path:
    """DuckDB writes encrypted files with the OpenSSL of its httpfs extension; reading them needs no extension."""
    package = importlib.util.find_spec("duckdb_extension_httpfs")
    folder = Path(package.origin).parent if package and package.origin else Path()
    file = folder / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    if not file.is_file():
        raise RefreshError(
            ExitCode.PUBLISH,
            "Extracts can't be encrypted: the package duckdb-extension-httpfs of DuckDB"
            f" {duckdb.__version__} isn't installed. ./scripts/run setup installs it;"
            " DEPOSITS_EXTRACTS=off publishes without extracts.",
        )
    return file


def _copy_comments(connection: duckdb.DuckDBPyConnection, schema: str, table: str, comment: str | None) -> None:
    if comment:
        connection.execute(comment_statement("table", f"{schema}.{table}", comment))
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = 'work' and schema_name = ?"
        " and table_name = ? and comment is not null",
        [schema, table],
    ).fetchall()
    for column, text in columns:
        connection.execute(comment_statement("column", f"{schema}.{table}.{identifier(column)}", text))
