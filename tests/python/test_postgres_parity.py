"""The same models on PostgreSQL give the same marts as on DuckDB, value by value."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from engine_parity import RATIO_TOLERANCE, assert_same_rows
from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from pandas.testing import assert_frame_equal
from postgres_server import postgres_server
from warehouse import DBT, PYTHON, Warehouse

from scripts.evaluation.release import read_release
from scripts.evaluation.summary import summarise
from scripts.reader import open_reader
from scripts.validate import validate_landing, validate_marts
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


def assert_same_readings(duckdb_home: Warehouse) -> None:
    """What the evaluation's snapshot is made of, its summary, and what the expectations at both doors find."""
    work_file = duckdb_home.home / "work" / "warehouse.duckdb"
    with open_reader("duckdb", work_file) as ours, open_reader("postgres", work_file) as theirs:
        releases = [read_release(reader, reader.engine) for reader in (ours, theirs)]
        doors = [[validate_landing(reader), validate_marts(reader)] for reader in (ours, theirs)]
    assert releases[0].tables.keys() == releases[1].tables.keys()
    for name, table in releases[0].tables.items():
        assert len(table) or name == "alerts", name
        assert_frame_equal(table, releases[1].tables[name], rtol=RATIO_TOLERANCE, obj=name)
    ours, theirs = ([json.dumps(summarise(release, {}, None)) for release in releases])
    assert rounded(ours) == rounded(theirs)
    for embedded, server in zip(*doors, strict=True):
        assert len(embedded.checks) > 20
        assert not [check for check in embedded.checks + server.checks if check.expectation == "be_readable"]
        for check, other in zip(embedded.checks, server.checks, strict=True):
            assert replace(check, worst=None) == replace(other, worst=None)
            # null where nothing was counted
            expected = None if other.worst is None else pytest.approx(other.worst, rel=RATIO_TOLERANCE)
            assert check.worst == expected, check


def rounded(summary: str) -> object:
    """A summary with numbers as exact as engines agree on."""
    return json.loads(summary, parse_float=lambda text: float(f"{float(text):.8e}"))


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
        assert_same_readings(embedded)
        with embedded.connect() as connection:
            newest = connection.execute("select max(as_of_date) from marts.customer_segments_monthly").fetchone()[0]
        assert newest > datetime(2024, 12, 31).date()
