"""The same models on PostgreSQL give the same marts as on DuckDB, value by value."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from engine_parity import assert_same_readings, assert_same_rows
from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from postgres_server import postgres_server
from warehouse import DBT, PYTHON, Warehouse

from tests.documents.blocks import examples, questions

pytestmark = pytest.mark.postgres


class PostgresWarehouse(Warehouse):
    """The same build on a server."""

    @property
    def environment(self) -> dict[str, str]:
        """As on DuckDB, with the server as dbt's target."""
        return {**super().environment, "DBT_TARGET": "postgres", "DBT_TARGET_PATH": str(self.home / "target_postgres")}

    def land(self) -> None:
        """Copies the landing into the server."""
        self.run(PYTHON, "-m", "scripts.landing.load_postgres")

    @property
    def dbt_command(self) -> tuple[str, ...]:
        """A project reads its target and its roles while it is parsed."""
        return DBT, "--quiet"


def assert_same_marts(duckdb_home: Warehouse, environment: dict[str, str]) -> None:
    """All marts and the departments' own: names, columns and rows."""
    with duckdb_home.connect() as embedded, psycopg.connect(
        host=environment["PGHOST"], port=environment["PGPORT"], user=environment["PGUSER"],
        password=environment["PGPASSWORD"], dbname=environment["PGDATABASE"],
    ) as server:  # fmt: skip
        columns = (
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where table_schema like 'marts%'"
            " order by table_schema, table_name, ordinal_position"
        )
        expected = embedded.execute(columns).fetchall()
        assert sorted(server.execute(columns).fetchall()) == sorted(expected)
        for table in sorted({name for name, _ in expected}):
            names = ", ".join(column for name, column in expected if name == table)
            assert_same_rows(
                table,
                embedded.execute(f"select {names} from {table}").fetchall(),
                server.execute(f"select {names} from {table}").fetchall(),
            )
        asked = {question.place: question.text for question in questions()} | examples()
        for place, text in asked.items():
            assert len(server.execute(text).fetchall()) == len(embedded.execute(text).fetchall()), place


def test_marts_are_the_same_on_both_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A landing full of trouble, built in full on both engines; then one more month, built upon what is there."""
    landing = tmp_path / "landing"
    nasty: LandingBuilder = NastyBank(seed=3, customers=40).build()
    transactions = nasty.rows["core.transactions"]
    last_month = [row for row in transactions if row["booked_at"][:7] >= "2025-01"]
    nasty.rows["core.transactions"] = [row for row in transactions if row not in last_month]
    nasty.write(landing)
    embedded = Warehouse(home=tmp_path / "home", landing=landing)
    server = PostgresWarehouse(home=tmp_path / "home", landing=landing)
    with postgres_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert os.environ["PGHOST"] == "127.0.0.1"
        embedded.build("--full-refresh")
        server.build("--full-refresh")
        assert_same_marts(embedded, environment)

        nasty.rows["core.transactions"] = transactions
        nasty.write(landing)
        embedded.build()
        server.build()
        assert_same_marts(embedded, environment)
        assert_same_readings(embedded, "postgres")
        with embedded.connect() as connection:
            newest = connection.execute("select max(as_of_date) from marts.customer_segments_monthly").fetchone()[0]
        assert newest > datetime(2024, 12, 31).date()
