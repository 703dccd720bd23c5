"""The landing on PostgreSQL: the same rows as on DuckDB, as text."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pytest
from landing_files import (
    HOLDERS,
    HOLDERS_HEADER,
    LOADERS_COLUMNS,
    PERSONAL,
    csv_text,
    land_required,
    parquet_columns,
    warehouse,
    write,
    write_parquet,
)
from postgres_server import postgres_server

from scripts.landing.gate import inspect_landing
from scripts.landing.load_postgres import load_landing
from scripts.settings import PROJECT


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgres_server() as environment:
        yield environment


def connect(server: dict[str, str]) -> psycopg.Connection:
    parameters = {name.removeprefix("PG").lower(): value for name, value in server.items()}
    return psycopg.connect(dbname=parameters.pop("database"), **parameters)


@pytest.mark.postgres
def test_postgres_has_the_same_rows_as_text(server: dict[str, str], tmp_path: Path) -> None:
    moment = datetime(2024, 1, 31, 20, 30)
    columns = parquet_columns(
        "loans",
        customer_id=["a\0b", "tab\tnew\nline\\N", ""],
        disbursed_date=[date(2024, 1, 31), None, date(1999, 12, 31)],
        maturity_date=pa.array([moment, None, moment.replace(microsecond=500)], pa.timestamp("us")),
        principal=pa.array([Decimal("1234567890.10"), Decimal("-0.05"), None], pa.decimal128(18, 2)),
        interest_rate=[0.1, 1e16, float("nan")],
        loan_id=[1, 2, 3],
        currency_code=[True, False, None],
    )
    write_parquet(land_required(tmp_path), "lending/loans.parquet", columns)
    write(tmp_path, HOLDERS, f'{HOLDERS_HEADER}\n1,2\n"a\r\nb",,owner,1\n')
    tables = inspect_landing(tmp_path)

    with connect(server) as loaded, warehouse(tmp_path) as connection:
        load_landing(loaded, tables, "key")
        loans = loaded.execute(
            "select customer_id, disbursed_date, maturity_date, principal, interest_rate, loan_id,"
            " currency_code from landing_lending.loans order by landed_row"
        ).fetchall()
        for table in tables:
            name = f"{table.contract.schema}.{table.contract.name}"
            texts = [
                f"replace(cast({column.name} as varchar), chr(0), chr(65533))" for column in table.contract.columns
            ]
            expected = connection.execute(
                f"select {', '.join(texts + LOADERS_COLUMNS)} from {name} order by landed_file, landed_row"
            ).fetchall()
            found = loaded.execute(f"select * from {name} order by landed_file, landed_row").fetchall()
            assert found == expected
        query = "select * from landing.landed_columns order by 1, 2, 3"
        assert loaded.execute(query).fetchall() == connection.execute(query).fetchall()
        hashed = loaded.execute(
            "select encode(sha256(outer_pad || sha256(inner_pad || convert_to('C1', 'UTF8'))), 'hex')"
            " from keys.hmac_pads"
        ).fetchall()

    assert loans == [
        ("a\ufffdb", "2024-01-31", "2024-01-31 20:30:00", "1234567890.10", "0.1", "1", "true"),
        ("tab\tnew\nline\\N", None, None, "-0.05", "1e+16", "2", "false"),
        ("", "1999-12-31", "2024-01-31 20:30:00.0005", None, "nan", "3", None),
    ]
    assert hashed == [(hmac.new(b"key", b"C1", hashlib.sha256).hexdigest(),)]


@pytest.mark.postgres
def test_postgres_load_replaces_all_or_nothing_and_keeps_dependants(server: dict[str, str], tmp_path: Path) -> None:
    land_required(tmp_path)
    with connect(server) as loaded:
        load_landing(loaded, inspect_landing(tmp_path), "key")
        loaded.execute("create view public.holders as select account_id from landing_core.account_holders")
    write(tmp_path, HOLDERS, csv_text("account_holders", rows=9))
    write(tmp_path, "wealth/positions.csv", csv_text("positions"))
    tables = inspect_landing(tmp_path)
    (tmp_path / "wealth/positions.csv").unlink()

    with connect(server) as loaded:
        with pytest.raises(duckdb.IOException):
            load_landing(loaded, tables, "key")
        assert loaded.execute("select count(*) from public.holders").fetchall() == [(2,)]
        write(tmp_path, "wealth/positions.csv", csv_text("positions"))
        load_landing(loaded, tables, "key")
        assert loaded.execute("select count(*) from public.holders").fetchall() == [(9,)]
        loaded.execute("alter table landing_core.account_holders add column strange text")
        load_landing(loaded, tables, "key")
        assert loaded.execute("select count(*) from landing_core.account_holders").fetchall() == [(9,)]


@pytest.mark.postgres
def test_postgres_command_reads_the_environment(server: dict[str, str], tmp_path: Path) -> None:
    land_required(tmp_path / "landing")
    environment = {**os.environ, **server, "DEPOSITS_HOME": str(tmp_path)}
    environment.pop("DEPOSITS_LANDING", None)
    command = [sys.executable, "-m", "scripts.landing.load_postgres"]

    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)

    assert "core.customers: 2 rows in 1 file(s)" in done.stdout
    with connect(server) as loaded:
        assert loaded.execute("select full_name from landing_core.customers").fetchall() == [(PERSONAL,)] * 2
