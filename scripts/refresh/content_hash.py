"""A hash of a table's rows that doesn't depend on where, when or in which order they were made.

The sum of DuckDB's own hashes of the rows: it tells whether two tables made by the same version of DuckDB are the same,
at a twentieth of what hashing them as text costs. Whether a file was tampered with, the SHA-256 of the file tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Tally:
    """How many rows there are, and the sum of their hashes: so a part of a table can be taken off or added."""

    row_count: int
    hash_sum: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.row_count + other.row_count, self.hash_sum + other.hash_sum)

    def __sub__(self, other: Tally) -> Tally:
        return Tally(self.row_count - other.row_count, self.hash_sum - other.hash_sum)

    def to_json(self) -> dict[str, Any]:
        """As manifests list it."""
        return {"row_count": self.row_count, "content_hash": f"{self.hash_sum:032x}"}

    @classmethod
    def from_json(cls, listed: dict[str, Any]) -> Tally:
        """From what a manifest lists."""
        return cls(listed["row_count"], int(listed["content_hash"], 16))


def tally(connection: duckdb.DuckDBPyConnection, schema: str, table: str, condition: str = "true") -> Tally:
    """The rows of a table, or those that a condition names."""
    query = (
        "select count(*), coalesce(sum(cast(hash(one_row) as hugeint)), 0)"
        f" from {schema}.{table} as one_row where {condition}"
    )
    ((row_count, hash_sum),) = connection.execute(query).fetchall()
    return Tally(row_count, hash_sum)


def comment_statement(kind: str, name: str, comment: str) -> str:
    """Sets the comment of a table or column."""
    return f"comment on {kind} {name} is {literal(comment)}"
