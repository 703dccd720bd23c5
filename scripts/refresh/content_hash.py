"""A hash of a table's rows that doesn't depend on where, when or in which order they were made.

Canonical form: one line per row, a JSON array of the columns as DuckDB writes them as text (a zero without
its sign), rows in the order of the table's key.
"""

from __future__ import annotations

import hashlib

import duckdb

from scripts.landing.sql_text import identifier, literal

BATCH_ROWS = 100_000
FLOATING = ("DOUBLE", "FLOAT")


def table_columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[tuple[str, str]]:
    """Names and types of a table's columns, in order."""
    return connection.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name = ? and table_name = ?"
        " order by column_index",
        [schema, table],
    ).fetchall()


def row_order(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    """The columns that order a table: its primary key, or else all; the month first, as most readers ask."""
    found = connection.execute(
        "select constraint_column_names from duckdb_constraints() where database_name = current_database()"
        " and schema_name = ? and table_name = ? and constraint_type = 'PRIMARY KEY'",
        [schema, table],
    ).fetchone()
    names = found[0] if found else [name for name, _ in table_columns(connection, schema, table)]
    return sorted(names, key=lambda name: name != "as_of_date")


def hash_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """SHA-256 over the rows in canonical form, read in batches."""
    texts = ", ".join(_as_text(name, data_type) for name, data_type in table_columns(connection, schema, table))
    order = ", ".join(identifier(name) for name in row_order(connection, schema, table))
    line = f"cast(json_array({texts}) as varchar) || chr(10)"
    query = f"select {line} as line from {schema}.{table} order by {order}"
    digest = hashlib.sha256()
    for batch in connection.execute(query).to_arrow_reader(BATCH_ROWS):
        for line in batch.column(0).to_pylist():
            digest.update(line.encode())
    return digest.hexdigest()


def _as_text(name: str, data_type: str) -> str:
    value = identifier(name)
    if data_type in FLOATING:
        value = f"case when {value} = 0 then 0 else {value} end"
    return f"cast({value} as varchar)"


def comment_statement(kind: str, name: str, comment: str) -> str:
    """Sets the comment of a table or column."""
    return f"comment on {kind} {name} is {literal(comment)}"
