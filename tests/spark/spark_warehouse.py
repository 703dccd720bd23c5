"""A home whose models are built on a Spark cluster of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine_parity import difference
from warehouse import PROJECT, Warehouse

from scripts.spark.server import fetch_rows, spark_cursor

DBT = str(PROJECT / ".venv-spark/bin/dbt")


@dataclass(frozen=True)
class SparkWarehouse(Warehouse):
    """The same build through Spark's Thrift server."""

    @property
    def environment(self) -> dict[str, str]:
        """As on DuckDB, with the server as dbt's target."""
        return {
            **super().environment,
            "DBT_TARGET": "spark",
            "DBT_TARGET_PATH": str(self.home / "target_spark"),
            "DBT_THREADS": "3",
        }

    def land(self) -> None:
        """Shows the landing to Spark."""
        self.run(sys.executable, "-m", "scripts.landing.load_spark")

    @property
    def dbt_command(self) -> tuple[str, ...]:
        """A project reads its target while it is parsed."""
        return DBT, "--quiet"


@contextmanager
def spark_cluster(home: Path) -> Iterator[None]:
    """Starts a cluster in a home, and tells this process where its server is."""
    from scripts.spark import cluster

    kept = dict(os.environ)
    os.environ["DEPOSITS_HOME"] = str(home)
    home.mkdir(parents=True, exist_ok=True)
    cluster.start()
    try:
        for line in (home / "spark" / "cluster.env").read_text().split()[1:]:
            name, _, value = line.partition("=")
            os.environ[name] = value
        yield
    finally:
        cluster.stop()
        os.environ.clear()
        os.environ.update(kept)


def assert_same_marts(duckdb_home: Warehouse) -> None:
    """All marts and the departments' own: names, columns and rows."""
    with duckdb_home.connect() as embedded, spark_cursor() as server:
        found = embedded.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where table_schema like 'marts%' order by table_schema, table_name, ordinal_position"
        ).fetchall()
        columns: dict[str, list[str]] = {}
        for table, column in found:
            columns.setdefault(table, []).append(column)
        assert set(columns) == set(_tables(server, {table.partition(".")[0] for table in columns}))
        different: list[str] = []
        for table, names in columns.items():
            server.execute(f"select * from {table} limit 0")
            # Spark keeps the column of the partitions last
            assert sorted(name.rpartition(".")[2] for name, *_ in server.description) == sorted(names), table
            query = f"select {', '.join(names)} from {table}"
            server.execute(query)
            different += difference(table, embedded.execute(query).fetchall(), fetch_rows(server))
        assert not different, "\n".join(different)


def _tables(server, schemas: set[str]) -> list[str]:
    tables = []
    for schema in sorted(schemas):
        server.execute(f"show tables in {schema}")
        tables += [f"{row[0]}.{row[1]}" for row in server.fetchall()]
    return tables
