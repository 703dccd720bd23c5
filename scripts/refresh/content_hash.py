"""A hash of a table's rows that doesn't depend on where, when or in which order they were made.

The sum of DuckDB's own hashes of the rows: it tells whether two tables made by the same version of DuckDB are the same,
at a twentieth of what hashing them as text costs. Whether a file was tampered with, the SHA-256 of the file tells.
"""

from __future__ import annotations

import duckdb

from scripts.landing.sql_text import literal

LEADING_COLUMNS = 5


def row_order(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    """The columns that order a table: its primary key, or else the first ones; the month first, as most readers ask.

    Keys stand first in every mart. To sort by all of some hundred columns would cost more than to make them.
    """
    found = connection.execute(
        "select constraint_column_names from duckdb_constraints() where database_name = current_database()"
        " and schema_name = ? and table_name = ? and constraint_type = 'PRIMARY KEY'"
        " union all select list(column_name order by column_index) from duckdb_columns()"
        " where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table] * 2,
    ).fetchall()
    ((names,), *_) = found
    return sorted(names[:LEADING_COLUMNS], key=lambda name: name != "as_of_date")


def hash_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """The hash of all rows, in hexadecimal."""
    query = f"select coalesce(sum(cast(hash(one_row) as hugeint)), 0) from {schema}.{table} as one_row"
    ((total,),) = connection.execute(query).fetchall()
    return f"{total:032x}"


def comment_statement(kind: str, name: str, comment: str) -> str:
    """Sets the comment of a table or column."""
    return f"comment on {kind} {name} is {literal(comment)}"
