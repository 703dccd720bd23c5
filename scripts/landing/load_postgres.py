"""Copies the landing into PostgreSQL: the same relations as on DuckDB, as tables of text.

    python -m scripts.landing.load_postgres      (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE ...)

The rows come from the very views that DuckDB's models read, as text in ISO form. All tables are replaced in
one transaction; as long as the contract stays the same they are emptied, not dropped, so that what depends on
them stays. PostgreSQL's text has no NUL character: U+FFFD stands for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import psycopg

from scripts.keys import hmac_pads, read_key
from scripts.landing.contract import LOADER_SCHEMA
from scripts.landing.gate import EXIT_REFUSED, inspect_landing, print_landing, print_problems
from scripts.landing.landed import LandedTable, LandingError
from scripts.landing.load_duckdb import (
    LANDED_COLUMNS,
    LANDED_FILES,
    create_landing_views,
    landed_column_rows,
    landed_file_rows,
)
from scripts.settings import read_settings

BATCH_ROWS = 20_000
KEYS_SCHEMA = "keys"
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
LOADERS_COLUMNS = {
    "landed_file": "text",
    "landed_row": "bigint",
    "is_wrong_width": "boolean",
    "landed_text": "text",
}


def load_landing(server: psycopg.Connection, landed_tables: list[LandedTable], key: str) -> None:
    """Replaces every landed table, the lists of what was landed and keys.hmac_pads, all or none."""
    with server.transaction(), duckdb.connect() as files:
        create_landing_views(files, landed_tables)
        for table in landed_tables:
            contract = table.contract
            columns = {column.name: "text" for column in contract.columns} | LOADERS_COLUMNS
            texts = [name if type_ != "text" else _text(name) for name, type_ in columns.items()]
            rows = files.execute(f"select {', '.join(texts)} from {contract.schema}.{contract.name}")
            _replace(server, contract.schema, contract.name, columns, _batches(rows))
        _replace(server, LOADER_SCHEMA, "landed_columns", LANDED_COLUMNS, [landed_column_rows(landed_tables)])
        _replace(server, LOADER_SCHEMA, "landed_files", LANDED_FILES, [landed_file_rows(landed_tables)])
        pads = {"inner_pad": "bytea", "outer_pad": "bytea"}
        _replace(server, KEYS_SCHEMA, "hmac_pads", pads, [[hmac_pads(key)]])


def _text(name: str) -> str:
    """A landed value as text that PostgreSQL can hold; DuckDB's own renderings are ISO."""
    return f"replace(cast({name} as varchar), chr(0), chr(65533))"


def _batches(result: duckdb.DuckDBPyConnection) -> Iterable[list[tuple]]:
    while batch := result.fetchmany(BATCH_ROWS):
        yield batch


def _replace(
    server: Any,  # psycopg takes literals alone; these names come from the contract
    schema: str,
    name: str,
    columns: dict[str, str],
    batches: Iterable[Sequence[tuple]],
) -> None:
    """Empties a table, or makes it anew when its columns changed, and copies the rows into it."""
    server.execute(f"create schema if not exists {schema}")
    known = server.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = %s and table_name = %s order by ordinal_position",
        (schema, name),
    ).fetchall()
    if known == list(columns.items()):
        server.execute(f"truncate {schema}.{name}")
    else:
        definitions = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        server.execute(f"drop table if exists {schema}.{name} cascade")
        server.execute(f"create table {schema}.{name} ({definitions})")
    with server.cursor() as cursor, cursor.copy(f"copy {schema}.{name} from stdin") as copy:
        for batch in batches:
            for row in batch:
                copy.write_row(row)
    server.execute(f"analyze {schema}.{name}")


def tls_mode(variables: Mapping[str, str]) -> str:
    """PGSSLMODE; without it a server elsewhere must prove that it is the one meant, as in profiles.yml."""
    host = variables.get("PGHOST", LOCAL_HOSTS[0])
    is_local = host in LOCAL_HOSTS or host.startswith("/")
    return variables.get("PGSSLMODE", "prefer" if is_local else "verify-full")


def main() -> int:
    """Gate, then the load; one line a table."""
    settings = read_settings()
    try:
        tables = inspect_landing(settings.landing)
        with psycopg.connect(sslmode=tls_mode(os.environ)) as server:
            load_landing(server, tables, read_key(settings))
    except psycopg.OperationalError as error:
        print(f"No connection to the server; nothing was changed. {error}", file=sys.stderr)
        return EXIT_REFUSED
    except LandingError as error:
        print_problems(error)
        return EXIT_REFUSED
    print_landing(tables, settings.landing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
