"""Compares what a yardstick wrote with the work file, value by value.

    python -m scripts.benchmark.compare NAME WORK_FILE FOLDER

A hand-written script writes the tables of the models themselves; the others write `core.parquet`, an account's month
by its landed number, of which the columns below are columns of `account_months`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb

from scripts.landing.sql_text import identifier, literal

CORE_COLUMNS = ("account_sk", "as_of_date", "net_flow_amount", "month_end_balance", "balance_days")
CONTENT = "select count(*), sum(cast(hash(content) as hugeint)) from (select {columns} from {table}) as content"


def compare_tables(connection: duckdb.DuckDBPyConnection, mine: str, theirs: str, columns: list[str]) -> dict[str, Any]:
    """Rows and content of two tables; where they differ, how many values of each column do."""
    listed = ", ".join(identifier(column) for column in columns)
    contents = [
        connection.execute(CONTENT.format(columns=listed, table=table)).fetchall()[0] for table in (mine, theirs)
    ]
    result = {"table": theirs.rsplit(".", 1)[-1], "rows": contents[1][0], "is_same": contents[0] == contents[1]}
    if not result["is_same"]:
        result["differing"] = differing_columns(connection, mine, theirs, columns)
    return result


def differing_columns(
    connection: duckdb.DuckDBPyConnection, mine: str, theirs: str, columns: list[str]
) -> dict[str, int]:
    """Columns whose values are not the same ones in both tables; the number is how many more rows the yardstick has."""
    found = {}
    for column in columns:
        query = CONTENT.format(columns=identifier(column), table="{}")
        left, right = (connection.execute(query.format(table)).fetchall()[0] for table in (mine, theirs))
        if left != right:
            found[column] = left[0] - right[0]
    return found


def compare_script(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every table of a hand-written script against the model of its name."""
    results = []
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'mine' and schema_name = 'result' order by 1"
    ).fetchall()
    for (name,) in tables:
        ((schema,),) = connection.execute(
            "select min(schema_name) from duckdb_tables() where database_name = 'work' and table_name = ?", [name]
        ).fetchall()
        theirs, mine = f"work.{schema}.{name}", f"mine.result.{name}"
        results.append(compare_tables(connection, mine, theirs, columns_of(connection, theirs)))
    return results


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table, in order."""
    return [name for name, *_ in connection.execute(f"describe {table}").fetchall()]


def compare_core(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[dict[str, Any]]:
    """The account months of another engine against those of the model."""
    file = literal(str(folder / "core.parquet"))
    casts = ", ".join(f"cast({name} as decimal(28, 2)) as {name}" for name in CORE_COLUMNS[2:])
    for name, source in (("mine", f"read_parquet({file})"), ("account_months", "work.panel.account_months")):
        connection.execute(
            f"create temp view {name} as select cast(account_sk as bigint) as account_sk,"
            f" cast(as_of_date as date) as as_of_date, {casts} from {source}"
        )
    return [compare_tables(connection, "temp.mine", "temp.account_months", list(CORE_COLUMNS))]


def main(name: str, work_file: str, folder: str) -> int:
    """Writes compared.json."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(work_file)} as work (read_only)")
        if name.startswith("hand-written"):
            connection.execute(f"attach {literal(folder + '/yardstick.duckdb')} as mine (read_only)")
            results = compare_script(connection)
        else:
            results = compare_core(connection, Path(folder))
    (Path(folder) / "compared.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
