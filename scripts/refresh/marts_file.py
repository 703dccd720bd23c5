"""A file of marts and nothing else, plain or encrypted: writing one, and opening it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from scripts.landing.sql_text import identifier, literal
from scripts.refresh.content_hash import Tally, comment_statement, row_order, tally
from scripts.refresh.durable import copy_file
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.run import Run, connect
from scripts.settings import Settings

Tables = dict[str, dict[str, Any]]
TABLES = """
select table_name, sql, comment
from duckdb_tables()
where database_name = $database and schema_name = $schema
union all
select
    views.view_name,
    format(
        'create table {}.{} ({})',
        views.schema_name,
        views.view_name,
        string_agg(format('"{}" {}', columns.column_name, columns.data_type), ', ' order by columns.column_index)
    ),
    views.comment
from duckdb_views() as views
inner join duckdb_columns() as columns
    on
        views.database_name = columns.database_name
        and views.schema_name = columns.schema_name
        and views.view_name = columns.table_name
where views.database_name = $database and views.schema_name = $schema
group by views.schema_name, views.view_name, views.comment
order by table_name
"""


@dataclass(frozen=True)
class Last:
    """A file whose monthly marts hold the months before the run's first one already, and what it is known to hold."""

    file: Path
    tables: Tables


@dataclass(frozen=True)
class _Kept:
    """A mart of the last file that stays: which rows are written again, and the tally of the others."""

    made_again: str
    tally: Tally


def copy_marts(
    run: Run, target: Path, schema: str, half: str, key: str | None = None, last: Last | None = None
) -> Tables:
    """Copies every table of a schema with its types, constraints and comments, rows in the order of the key; a view
    becomes a table.

    `half` is the connection's, as other marts are copied beside these. With a last file only what it doesn't hold is
    written: to sort, compress, write and read again the other months would cost more than all that is new. Returns what
    the finished file holds, rows and content hash of each table: new rows are read back from it.
    """
    if last is not None:
        copy_file(last.file, target)
    kept: dict[str, _Kept] = {}
    work = run.settings.work_file.stem  # the name by which its views call it
    with open_file(run.settings, target, key, is_new=True, half=half) as connection:
        connection.execute(f"attach {literal(str(run.settings.work_file))} as {identifier(work)} (read_only)")
        connection.execute(f"create schema if not exists {schema}")
        tables = _tables(connection, work, schema)
        if last is not None:
            kept = _keep_months(run, connection, schema, tables, last.tables)
        connection.begin()  # a commit for each of a thousand comments would cost more than the rows
        for name, (definition, comment) in tables.items():
            if name not in kept:
                connection.execute(definition)
                _copy_comments(connection, work, schema, name, comment)
        connection.commit()
        for name in tables:
            order = ", ".join(identifier(column) for column in row_order(connection, schema, name))
            condition = kept[name].made_again if name in kept else "true"
            query = f"select * from {identifier(work)}.{schema}.{name} where {condition} order by {order}"
            connection.execute(f"insert into {schema}.{name} {query}")
        whole = {name: part.tally + tally(connection, schema, name, part.made_again) for name, part in kept.items()}
        connection.execute(f"detach {identifier(work)}")
    return read_tables(run.settings, target, schema, key, known=whole, half=half)


def _tables(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> dict[str, tuple[str, str | None]]:
    """Definition and comment of each table, and of the table that each view becomes."""
    rows = connection.execute(TABLES, {"database": database, "schema": schema}).fetchall()
    return {name: (definition, comment) for name, definition, comment in rows}


def _keep_months(
    run: Run,
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    tables: dict[str, tuple[str, str | None]],
    listed: Tables,
) -> dict[str, _Kept]:
    """Drops the tables that are written again, and of the monthly marts the rows that are."""
    present = _tables(connection, "release", schema)
    work = identifier(run.settings.work_file.stem)
    kept = {}
    for name in present:
        if name not in run.monthly_marts | run.customer_marts or present[name] != tables.get(name):
            connection.execute(f"drop table {schema}.{name}")
            continue
        made_again = _rows_made_again(run, name)
        outdated = f"({made_again}) or as_of_date < (select min(as_of_date) from {work}.{schema}.{name})"
        kept[name] = _Kept(made_again, Tally.from_json(listed[name]) - tally(connection, schema, name, outdated))
        connection.execute(f"delete from {schema}.{name} where {outdated}")
    connection.execute("checkpoint release")
    return kept


def _rows_made_again(run: Run, mart: str) -> str:
    """The condition that dbt's macro made_rows() gives, over the months that the run has noted."""
    first, first_of_all = (
        f"date '{month}-01'" if month else "date 'infinity'" for month in (run.rebuilt_from, run.all_rebuilt_from)
    )
    if mart in run.monthly_marts or first == first_of_all:
        return f"as_of_date >= {first}"
    work = identifier(run.settings.work_file.stem)
    changed = f"select customer_key from {work}.panel.rebuild_window where customer_key is not null"
    return f"as_of_date >= {first} and (as_of_date >= {first_of_all} or customer_key in ({changed}))"


def read_tables(
    settings: Settings,
    file: Path,
    schema: str,
    key: str | None = None,
    known: dict[str, Tally] | None = None,
    half: str | None = None,
) -> Tables:
    """Rows and content hash of each table of a file; of those that aren't known, read from it."""
    with open_file(settings, file, key, half=half) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where database_name = current_database() and schema_name = ?"
            " order by table_name",
            [schema],
        ).fetchall()
        tallies = dict(known or {})
        for (name,) in names:
            if name not in tallies:
                tallies[name] = tally(connection, schema, name)
        return {name: tallies[name].to_json() for (name,) in names}


@contextmanager
def open_file(
    settings: Settings, file: Path, key: str | None, *, is_new: bool = False, half: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file as the database in use; with a key it is encrypted. Everything is in the file when it is closed."""
    options = [] if is_new else ["read_only"]
    if key is not None:
        options.append(f"encryption_key {literal(key)}")
    with connect(settings, half=half) as connection:
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


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, work: str, schema: str, table: str, comment: str | None
) -> None:
    if comment:
        connection.execute(comment_statement("table", f"{schema}.{table}", comment))
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = ? and schema_name = ?"
        " and table_name = ? and comment is not null",
        [work, schema, table],
    ).fetchall()
    for column, text in columns:
        connection.execute(comment_statement("column", f"{schema}.{table}.{identifier(column)}", text))
