"""The comparison itself: DuckDB joins both files mart by mart; no row leaves it, only counts and sums.

Values of a column are shown in aggregate alone: means of numbers, how often one code became another. Keys of customers
are listed only when somebody asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from scripts.diff.keys import mart_keys
from scripts.landing.sql_text import identifier, literal

SCHEMA = "marts"
SIDES = ("before", "after")
NUMERIC = ("DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT")
LISTED_MOVES = 5  # of a code column, the most frequent
SEGMENTS = "customer_segments_monthly"
MIGRATIONS = (
    "value_tier_code",
    "need_segment_code",
    "activity_state_code",
    "customer_class_code",
    "deposit_stability_code",
)


@dataclass
class Mart:
    """What differs in one mart. Without a key a changed row is one removed and one added."""

    name: str
    key: list[str]
    rows: dict[str, int]
    added: int = 0
    removed: int = 0
    changed: int = 0
    months: list[str] = field(default_factory=list)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Nothing differs."""
        return not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed)


def compare(before: Path, after: Path, listed_customers: int = 0) -> dict[str, Any]:
    """Everything that differs, as plain data."""
    with duckdb.connect() as connection:
        for side, file in zip(SIDES, (before, after), strict=True):
            connection.execute(f"attach {literal(str(file))} as {side} (read_only)")
        tables = {side: _tables(connection, side) for side in SIDES}
        shared = sorted(set(tables["before"]) & set(tables["after"]))
        keys = mart_keys()
        marts = [_mart(connection, name, keys.get(name, []), tables, listed_customers) for name in shared]
        return {
            "before": str(before),
            "after": str(after),
            "marts_added": sorted(set(tables["after"]) - set(tables["before"])),
            "marts_removed": sorted(set(tables["before"]) - set(tables["after"])),
            "marts": [{"is_same": mart.is_same, **vars(mart)} for mart in marts],
            "migration": _migration(connection) if SEGMENTS in shared else {},
        }


def _tables(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, dict[str, str]]:
    """Columns and types of every mart of a file."""
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name = ? order by table_name, column_index",
        [side, SCHEMA],
    ).fetchall():
        found.setdefault(table, {})[column] = data_type
    return found


def _mart(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    key: list[str],
    tables: dict[str, dict[str, dict[str, str]]],
    listed_customers: int,
) -> Mart:
    old, new = tables["before"][name], tables["after"][name]
    shared = [column for column in old if column in new]
    rows = {side: connection.table(f"{side}.{SCHEMA}.{name}").shape[0] for side in SIDES}
    mart = Mart(name, key, rows)
    mart.columns_added = [column for column in new if column not in old]
    mart.columns_removed = [column for column in old if column not in new]
    if not key or not set(key) <= set(shared):
        mart.key = []
        selected = ", ".join(identifier(column) for column in shared)
        parts = [f"select {selected} from {side}.{SCHEMA}.{name}" for side in SIDES]
        ((mart.added,),) = connection.execute(f"select count(*) from ({parts[1]} except all {parts[0]})").fetchall()
        ((mart.removed,),) = connection.execute(f"select count(*) from ({parts[0]} except all {parts[1]})").fetchall()
        return mart
    values = [column for column in shared if column not in key]
    on = " and ".join(f"before.{identifier(column)} = after.{identifier(column)}" for column in key)
    both = "before.is_here and after.is_here"
    differs = {column: f"before.{identifier(column)} is distinct from after.{identifier(column)}" for column in values}
    any_differs = " or ".join(differs.values()) or "false"
    joined = (
        f"from (select *, true as is_here from before.{SCHEMA}.{name}) as before"
        f" full outer join (select *, true as is_here from after.{SCHEMA}.{name}) as after on {on}"
    )
    touched = f"before.is_here is null or after.is_here is null or {any_differs}"
    counts = [
        "count(*) filter (before.is_here is null)",
        "count(*) filter (after.is_here is null)",
        f"count(*) filter ({both} and ({any_differs}))",
        *(f"count(*) filter ({both} and {condition})" for condition in differs.values()),
    ]
    ((mart.added, mart.removed, mart.changed, *changed),) = connection.execute(
        f"select {', '.join(counts)} {joined}"
    ).fetchall()
    for column, count in zip(values, changed, strict=True):
        if count:
            shift = _shift(connection, column, new[column], f"{joined} where {both} and {differs[column]}")
            mart.columns[column] = {"rows": count, **shift}
    if not mart.is_same and "as_of_date" in shared:
        month = "coalesce(before.as_of_date, after.as_of_date)"
        found = connection.execute(f"select distinct cast({month} as varchar) {joined} where {touched} order by 1")
        mart.months = [row[0] for row in found.fetchall()]
    if listed_customers and "customer_key" in shared:
        customer = "coalesce(before.customer_key, after.customer_key)"
        found = connection.execute(
            f"select distinct {customer} {joined} where {touched} order by 1 limit {listed_customers}"
        )
        mart.customers = [row[0] for row in found.fetchall()]
    return mart


def _shift(connection: duckdb.DuckDBPyConnection, column: str, data_type: str, changed: str) -> dict[str, Any]:
    """How a column moved over the rows in which it differs: means of numbers, counts of codes, nothing of texts."""
    old, new = f"before.{identifier(column)}", f"after.{identifier(column)}"
    if data_type.startswith(NUMERIC):
        ((mean_before, mean_after, largest),) = connection.execute(
            f"select avg({old}), avg({new}), max(abs({new} - {old})) {changed}"
        ).fetchall()
        means = (mean_before, mean_after, largest)
        return dict(
            zip(("mean_before", "mean_after", "largest_change"), (_number(value) for value in means), strict=True)
        )
    if data_type == "BOOLEAN" or column.endswith("_code"):
        moves = connection.execute(
            f"select cast({old} as varchar), cast({new} as varchar), count(*) {changed}"
            f" group by 1, 2 order by 3 desc, 1, 2 limit {LISTED_MOVES}"
        ).fetchall()
        return {"moves": [{"from": old_code, "to": new_code, "rows": count} for old_code, new_code, count in moves]}
    return {}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _migration(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Who is in which segment on the newest month that both have: old code → new code → customers."""
    ((month,),) = connection.execute(
        f"select cast(max(as_of_date) as varchar) from before.{SCHEMA}.{SEGMENTS}"
        f" where as_of_date in (select as_of_date from after.{SCHEMA}.{SEGMENTS})"
    ).fetchall()
    if month is None:
        return {}
    matrices: dict[str, dict[str, dict[str, int]]] = {}
    for column in MIGRATIONS:
        sides = [
            f"(select customer_key, {column} from {side}.{SCHEMA}.{SEGMENTS} where as_of_date = ?)" for side in SIDES
        ]
        cells = connection.execute(
            f"select coalesce(old.{column}, 'absent'), coalesce(new.{column}, 'absent'), count(*)"
            f" from {sides[0]} as old full outer join {sides[1]} as new on old.customer_key = new.customer_key"
            " group by 1, 2 order by 1, 2",
            [month, month],
        ).fetchall()
        for old_code, new_code, count in cells:
            matrices.setdefault(column, {}).setdefault(old_code, {})[new_code] = count
    return {"as_of_date": month, "dimensions": matrices}
