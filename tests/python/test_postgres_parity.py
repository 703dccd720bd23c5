"""The same models on PostgreSQL give the same marts as on DuckDB, value by value."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from engine_parity import assert_same_readings, difference
from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from odd_landed_values import assert_read_as_expected, assert_typed_columns_are_read_as_texts
from postgres_server import postgres_server
from spoilt_project import assert_spoils_fail
from warehouse import DBT, PYTHON, Warehouse

from tests.documents.blocks import examples, questions

pytestmark = pytest.mark.postgres
UNIT_TESTED = ("staging", "panel", "marts")  # a part, for time: dbt test --target postgres runs them all


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
        different: list[str] = []
        for table in sorted({name for name, _ in expected}):
            names = ", ".join(column for name, column in expected if name == table)
            different += difference(
                table,
                embedded.execute(f"select {names} from {table}").fetchall(),
                server.execute(f"select {names} from {table}").fetchall(),
            )
        assert not different, "\n".join(different)
        asked = {question.place: question.text for question in questions()} | examples()
        for place, text in asked.items():
            assert len(server.execute(text).fetchall()) == len(embedded.execute(text).fetchall()), place


class Bank:
    """A landing full of trouble, and its two warehouses."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.landing = folder / "landing"
        self.embedded = Warehouse(home=folder / "home", landing=self.landing)
        self.server = PostgresWarehouse(home=folder / "home", landing=self.landing)
        self.environment = environment


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A bank beside a server of its own, which the first test fills."""
    with postgres_server() as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        assert os.environ["PGHOST"] == "127.0.0.1"
        yield Bank(tmp_path_factory.mktemp("bank"), environment)


def test_marts_are_the_same_on_both_engines(bank: Bank) -> None:
    """Built in full on both engines; then one more month, built upon what is there."""
    nasty: LandingBuilder = NastyBank(seed=3, customers=40).build()
    transactions = nasty.rows["core.transactions"]
    last_month = [row for row in transactions if row["booked_at"][:7] >= "2025-01"]
    nasty.rows["core.transactions"] = [row for row in transactions if row not in last_month]
    nasty.write(bank.landing)
    bank.embedded.build("--full-refresh")
    bank.server.build("--full-refresh")
    assert_same_marts(bank.embedded, bank.environment)

    nasty.rows["core.transactions"] = transactions
    nasty.write(bank.landing)
    bank.embedded.build()
    bank.server.build()
    assert_same_marts(bank.embedded, bank.environment)
    assert_same_readings(bank.embedded, "postgres")
    with bank.embedded.connect() as connection:
        newest = connection.execute("select max(as_of_date) from marts.customer_segments_monthly").fetchone()[0]
    assert newest > datetime(2024, 12, 31).date()


def test_odd_texts_are_read_as_on_duckdb(bank: Bank) -> None:
    assert_read_as_expected(bank.embedded, "duckdb")
    assert_typed_columns_are_read_as_texts(bank.embedded)
    assert_read_as_expected(bank.server, "postgres")


@pytest.mark.engine
def test_unit_tests_pass(bank: Bank) -> None:
    bank.server.dbt("test", "--select", *(f"models/{floor},test_type:unit" for floor in UNIT_TESTED))


@pytest.mark.engine
def test_what_has_to_fail_fails(bank: Bank, tmp_path: Path) -> None:
    assert_spoils_fail(bank.server, tmp_path)
