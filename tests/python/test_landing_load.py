"""The views of the landing as a whole, and the command that makes them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from landing_files import (
    HOLDERS,
    LOADERS_COLUMNS,
    PERSONAL,
    SELECT_HOLDERS,
    column_names,
    csv_text,
    land_required,
    warehouse,
    write,
)

from scripts.landing import load_duckdb
from scripts.landing.gate import inspect_landing
from scripts.landing.load_duckdb import create_landing_views
from scripts.settings import PROJECT, read_settings


def test_absent_optional_tables_have_no_rows_and_all_columns(tmp_path: Path) -> None:
    header = [name for name in column_names("transactions") if name != "balance_after"]
    write(land_required(tmp_path), "core/transactions.csv", ",".join(header) + "\n")

    with warehouse(tmp_path) as connection:
        for table in ("landing_crm.consents", "landing_core.transactions"):
            view = connection.sql(f"from {table}")
            names = column_names(table.partition(".")[2])
            assert view.columns == [*names, *LOADERS_COLUMNS]
            assert set(map(str, view.types[: len(names)])) == {"VARCHAR"}
            assert view.fetchall() == []
        absent = connection.execute(
            "select table_name, column_name from landing.landed_columns"
            " where not is_landed and source_name in ('core', 'crm') and table_name <> 'judgements' order by all"
        ).fetchall()
    expected = [(name, column) for name in ("consents", "interactions") for column in column_names(name)]
    assert absent == sorted([*expected, ("transactions", "balance_after")])


def test_views_are_replaced_all_or_none(tmp_path: Path) -> None:
    land_required(tmp_path)
    with warehouse(tmp_path) as connection:
        write(tmp_path, HOLDERS, csv_text("account_holders", rows=5))
        write(tmp_path, "crm/consents.csv", csv_text("consents"))
        tables = inspect_landing(tmp_path)
        (tmp_path / "crm/consents.csv").unlink()

        with pytest.raises(duckdb.IOException):
            create_landing_views(connection, tables)
        assert connection.sql("from landing_crm.consents").fetchall() == []

        write(tmp_path, "crm/consents.csv", csv_text("consents"))
        create_landing_views(connection, tables)
        assert len(connection.sql("from landing_crm.consents").fetchall()) == 2
        assert len(connection.execute(SELECT_HOLDERS).fetchall()) == 5


def test_command_makes_a_work_file_without_personal_data(tmp_path: Path) -> None:
    land_required(tmp_path / "landing")
    environment = {**os.environ, "DEPOSITS_HOME": str(tmp_path), "DEPOSITS_KEY": "a secret of the bank"}
    environment.pop("DEPOSITS_LANDING", None)
    command = [sys.executable, "-m", "scripts.landing.load_duckdb"]

    options = {"cwd": PROJECT, "env": environment, "capture_output": True, "text": True, "check": True}
    for _ in range(2):
        done = subprocess.run(command, **options)

    assert "core.transactions: 2 rows in 1 file(s)" in done.stdout
    assert PERSONAL not in done.stdout
    work_file = read_settings(environment).work_file
    assert PERSONAL.encode() not in work_file.read_bytes()
    assert b"a secret of the bank" not in work_file.read_bytes()
    with duckdb.connect(str(work_file), read_only=True) as connection:
        assert connection.execute("select count(*) from landing_core.customers").fetchall() == [(2,)]


def test_refused_landing_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPOSITS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DEPOSITS_LANDING", str(tmp_path))

    assert load_duckdb.main() == 2
    assert not (tmp_path / "home").exists()
