"""The landed tables as the models see them: the same rows on DuckDB and PostgreSQL, whatever the form."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
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
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_files import (
    PERSONAL,
    column_names,
    contract,
    csv_text,
    land_required,
    parquet_columns,
    write,
    write_parquet,
)
from postgres_server import postgres_server

from scripts.keys import ensure_keys, hmac_pads, read_key
from scripts.landing import load_duckdb, view_sql
from scripts.landing.csv_file import inspect_csv
from scripts.landing.gate import inspect_landing
from scripts.landing.landed import BLANKS, LandedFile, LandedTable, LandingError, StructureError
from scripts.landing.load_duckdb import create_landing_views
from scripts.landing.load_postgres import load_landing
from scripts.landing.view_sql import landed_query
from scripts.settings import PROJECT, read_settings

HOLDERS = "core/account_holders.csv"
HOLDERS_HEADER = ",".join(column_names("account_holders"))
SELECT_HOLDERS = "select * from landing_core.account_holders order by landed_file, landed_row"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """As dbt opens its work file: no insertion order, more than one thread."""
    with duckdb.connect(config={"preserve_insertion_order": "false", "threads": 4}) as opened:
        yield opened


def holders_of(landing: Path, connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    create_landing_views(connection, inspect_landing(landing))
    return connection.execute(SELECT_HOLDERS).fetchall()


# ---- CSV: DuckDB must read exactly what Python's csv module reads --------------------------------------

PLAIN = ["", "a", "é", "中", " b ", "\t", "#", "\\", "'", "x\0y", 'a"b', "\u2028", "\ufeff", "NULL", "0" * 30]
QUOTED = ['"q"', '"a,b;c"', '"x\ny"', '"x\r\ny"', '"l\rm"', '""', '""""', '"a""b"', ' "s"', '"  ""z"""']
BROKEN = ['  "several blanks"', '"open', '"a"b', '"q" ']
LINE_ENDS = st.sampled_from(["\n", "\r", "\r\n", "\n\n", "\n \r\n", "\r\r"])


def records_of(fields: list[str]) -> st.SearchStrategy[list[tuple[list[str], str]]]:
    """Records of one to seven fields, each with its line end."""
    record = st.lists(st.sampled_from(fields), min_size=1, max_size=7)
    return st.lists(st.tuples(record, LINE_ENDS), max_size=60)


def reference_rows(text: str, delimiter: str) -> list[list[str]] | None:
    """The records that Python reads, without empty lines; None when the text is broken."""
    lines = io.StringIO(text, newline="")
    try:
        records = list(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        return None
    kept = [record for record in records if record and (len(record) > 1 or record[0].strip(BLANKS))]
    return [without_leading_blanks(record) for record in kept]


def without_leading_blanks(record: list[str]) -> list[str]:
    """Blanks at the beginning of a field don't count: Python skips them, DuckDB keeps them."""
    return [field.lstrip(" ") for field in record]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=records_of(PLAIN + QUOTED) | records_of(PLAIN) | records_of(PLAIN + QUOTED + BROKEN),
    delimiter=st.sampled_from(",;"),
    mark=st.sampled_from(["", "\ufeff"]),
    is_last_line_ended=st.booleans(),
)
def test_view_has_the_rows_that_python_reads(
    records: list[tuple[list[str], str]],
    delimiter: str,
    mark: str,
    is_last_line_ended: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(view_sql, "BUFFER_BYTES", 256)  # so that records lie across buffers
    header = [*column_names("account_holders"), "Note"]
    text = delimiter.join(header) + "\n"
    text += "".join(delimiter.join(fields) + line_end for fields, line_end in records)
    if not is_last_line_ended:
        text = text.rstrip("\r\n")
    path = write(tmp_path, "account_holders.csv", mark + text)
    expected = reference_rows(text, delimiter)

    try:
        columns, row_count, shape = inspect_csv(path, header)
    except StructureError as error:
        assert expected is None or "several blanks" in error.text
        return
    file = LandedFile(path, "account_holders.csv", columns, row_count, shape)
    query = landed_query(LandedTable(contract("account_holders"), (file,)))
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        rows = connection.execute(f"from ({query}) order by landed_row").fetchall()

    assert expected is not None
    assert len(rows) == row_count == len(expected) - 1
    assert [row[5] for row in rows] == list(range(1, row_count + 1))
    for row, record in zip(rows, expected[1:], strict=True):
        pairs = json.loads(row[7], object_pairs_hook=list)
        assert without_leading_blanks([value for _, value in pairs]) == record
        assert without_leading_blanks([value for value in row[:4] if value is not None]) == record[:4]
        assert row[6] == (len(record) != len(header))
    assert shape.wrong_width_count == sum(row[6] for row in rows)


def test_last_record_alone_in_its_buffer_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: duckdb.DuckDBPyConnection
) -> None:
    for buffer_bytes in range(200, 240):
        monkeypatch.setattr(view_sql, "BUFFER_BYTES", buffer_bytes)
        write(land_required(tmp_path), HOLDERS, HOLDERS_HEADER + "\na,b,owner,1" * 60)
        assert len(holders_of(tmp_path, connection)) == 60


def test_rows_of_a_wrong_width_are_marked_and_kept_whole(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    rows = '\n1,2,3,4,5\n\n1,2\n1,2,3,4,5,6,7\n""\n" "\n,\n'
    write(land_required(tmp_path), HOLDERS, f"{HOLDERS_HEADER},\n1,2,3,4,{rows}")

    found = [(row[5], row[6], json.loads(row[7])) for row in holders_of(tmp_path, connection)]

    names = [*column_names("account_holders"), "field 5", "field 6", "field 7"]
    assert found == [
        (1, False, dict(zip(names, ["1", "2", "3", "4", ""], strict=False))),
        (2, False, dict(zip(names, "12345", strict=False))),
        (3, True, dict(zip(names, "12", strict=False))),
        (4, True, dict(zip(names, "1234567", strict=False))),
        (5, True, {"account_id": "", "customer_id": ""}),
    ]


def test_large_csv_keeps_order_and_huge_fields(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    huge = '"' + "x\n" * 3_000_000 + '"'
    lines = [f'A{number},"C\n{number}",owner,1' for number in range(1, 400_001)]
    lines[1000] = f"A1001,{huge},owner,1"
    write(land_required(tmp_path), HOLDERS, HOLDERS_HEADER + "\r\n" + "\r\n".join(lines))
    create_landing_views(connection, inspect_landing(tmp_path))

    counts = connection.execute(
        "select count(*), count_if(account_id = 'A' || landed_row), count_if(is_wrong_width),"
        " max(length(customer_id)) from landing_core.account_holders"
    ).fetchone()

    assert counts == (400_000, 400_000, 0, 6_000_000)


def test_gate_and_reader_must_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: duckdb.DuckDBPyConnection
) -> None:
    tables = inspect_landing(land_required(tmp_path))
    create_landing_views(connection, tables)
    write(tmp_path, HOLDERS, csv_text("account_holders", rows=7))

    with pytest.raises(LandingError, match=r"account_holders\.csv: the gate counts 2 rows, DuckDB 7"):
        create_landing_views(connection, tables)


# ---- Parquet ---------------------------------------------------------------------------------------------


def test_parquet_keeps_its_types(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    moment = datetime(2024, 1, 31, 20, 30, 15, 123456)
    columns = parquet_columns(
        "transactions",
        account_id=[7],
        transaction_id=[b"T1"],
        counterparty_id=[b"\xff"],
        booked_at=pa.array([moment], pa.timestamp("ns")),
        loaded_at=pa.array([moment], pa.timestamp("us", "Asia/Shanghai")),
        amount=pa.array([Decimal("12.34")], pa.decimal128(18, 2)),
        balance_after=[12.5],
        reverses_transaction_id=pa.nulls(1),
        direction=pa.array(["credit"]).dictionary_encode(),
    )
    land_required(tmp_path)
    (tmp_path / "core/transactions.csv").unlink()
    write_parquet(tmp_path, "core/transactions.parquet", columns)
    create_landing_views(connection, inspect_landing(tmp_path))

    def value(column: str) -> tuple:
        query = f"select {column}, typeof({column}) from landing_core.transactions"
        return connection.execute(query).fetchall()[0]

    assert value("account_id") == ("7", "VARCHAR")
    assert value("transaction_id") == ("T1", "VARCHAR")
    assert value("counterparty_id") == ("\\xFF", "VARCHAR")
    assert value("booked_at") == (moment, "TIMESTAMP")
    assert value("loaded_at") == (datetime(2024, 2, 1, 4, 30, 15, 123456), "TIMESTAMP")
    assert value("amount") == (Decimal("12.34"), "DECIMAL(18,2)")
    assert value("balance_after") == (12.5, "DOUBLE")
    assert value("reverses_transaction_id") == (None, "VARCHAR")
    assert value("direction") == ("credit", "VARCHAR")
    assert value("landed_file") == ("core/transactions.parquet", "VARCHAR")
    assert value("landed_row") == (1, "BIGINT")
    assert value("is_wrong_width") == (False, "BOOLEAN")
    assert json.loads(value("landed_text")[0])["booked_at"] == "2024-01-31 20:30:15.123456"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", "12:30"), ("+08:00", "20:30"), ("-03:30", "09:00"), ("Europe/Vienna", "13:30")],
)
def test_zoned_timestamps_are_the_writers_clock(
    zone: str, expected: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    stamps = pa.array([datetime(2024, 1, 31, 12, 30)], pa.timestamp("ms", zone))
    write_parquet(
        land_required(tmp_path), "crm/consents.parquet", parquet_columns("consents", effective_at=stamps)
    )
    connection.execute("set TimeZone = 'America/New_York'")
    create_landing_views(connection, inspect_landing(tmp_path))

    found = connection.execute("select strftime(effective_at, '%H:%M') from landing_crm.consents").fetchall()

    assert found == [(expected,)]


def test_types_that_the_contract_does_not_expect_become_text(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    columns = {"position_date": [20240131], "market_value": [True], "product_code": [[Decimal("1.5")]]}
    write_parquet(
        land_required(tmp_path), "wealth/positions.parquet", parquet_columns("positions", **columns)
    )
    create_landing_views(connection, inspect_landing(tmp_path))

    query = "select position_date, market_value, product_code from landing_wealth.positions"
    assert connection.execute(query).fetchall() == [("20240131", "true", "[1.5]")]


def test_parquet_parts_of_different_columns_and_types(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    land_required(tmp_path)
    (tmp_path / HOLDERS).unlink()
    first = parquet_columns("account_holders", ownership_share=[1.0, 0.5], Note=["n", None])
    write_parquet(tmp_path, "core/account_holders/a.parquet", first)
    write_parquet(tmp_path, "core/account_holders/b.parquet", first)
    other = dict(reversed(parquet_columns("account_holders").items()))
    other[" Role "] = other.pop("role")
    write_parquet(tmp_path, "core/account_holders/c.parquet", other | {"ownership_share": [1]})

    rows = holders_of(tmp_path, connection)

    assert [(row[3], row[4][-9:], row[5]) for row in rows] == [
        ("1.0", "a.parquet", 1),
        ("0.5", "a.parquet", 2),
        ("1.0", "b.parquet", 1),
        ("0.5", "b.parquet", 2),
        ("1", "c.parquet", 1),
    ]
    assert {row[:3] for row in rows} == {(PERSONAL,) * 3}
    assert [json.loads(row[7]).get("Note") for row in rows] == ["n", None, "n", None, None]


def test_names_with_wildcards_and_quotes_mean_one_file(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    landing = tmp_path / "day=1 [a]'s"
    land_required(landing)
    (landing / HOLDERS).unlink()
    for name in ("a*.csv", "ab.csv", "[ab].csv", "?b'.csv"):
        write(landing, f"core/account_holders/{name}", csv_text("account_holders", rows=1))
    for name in ("x*.parquet", "xy.parquet", "{x,y}.parquet"):
        write_parquet(landing, f"wealth/positions/{name}", parquet_columns("positions"))

    assert len(holders_of(landing, connection)) == 4
    names = connection.execute("select landed_file from landing_wealth.positions order by all").fetchall()
    assert [name for (name,) in names] == [
        "wealth/positions/x*.parquet",
        "wealth/positions/xy.parquet",
        "wealth/positions/{x,y}.parquet",
    ]


def test_only_selected_columns_are_read(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    land_required(tmp_path)
    (tmp_path / "core/transactions.csv").unlink()
    write_parquet(tmp_path, "core/transactions.parquet", parquet_columns("transactions", amount=[1.5]))
    create_landing_views(connection, inspect_landing(tmp_path))

    query = "explain select sum(amount) from landing_core.transactions"
    plan = connection.execute(query).fetchall()[0][1]

    assert "amount" in plan
    for unused in ("booked_at", "json", "file_row_number", "landed"):
        assert unused not in plan


# ---- the views, landed_columns, keys, command ------------------------------------------------------------


def test_absent_optional_tables_have_no_rows_and_all_columns(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    header = [name for name in column_names("transactions") if name != "balance_after"]
    write(land_required(tmp_path), "core/transactions.csv", ",".join(header) + "\n")
    create_landing_views(connection, inspect_landing(tmp_path))

    for table in ("landing_crm.consents", "landing_core.transactions"):
        described = connection.execute(f"describe {table}").fetchall()
        names = column_names(table.partition(".")[2])
        assert [row[0] for row in described] == [*names, *view_columns()]
        assert {row[1] for row in described[: len(names)]} == {"VARCHAR"}
        assert connection.execute(f"select count(*) from {table}").fetchall() == [(0,)]
    absent = connection.execute(
        "select table_name, column_name from landing.landed_columns"
        " where not is_landed and source_name in ('core', 'crm') and table_name <> 'judgements' order by all"
    ).fetchall()
    expected = [(name, column) for name in ("consents", "interactions") for column in column_names(name)]
    assert absent == sorted([*expected, ("transactions", "balance_after")])


def view_columns() -> list[str]:
    return ["landed_file", "landed_row", "is_wrong_width", "landed_text"]


def test_views_are_replaced_all_or_none(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    create_landing_views(connection, inspect_landing(land_required(tmp_path)))
    write(tmp_path, HOLDERS, csv_text("account_holders", rows=5))
    write(tmp_path, "crm/consents.csv", csv_text("consents"))
    tables = inspect_landing(tmp_path)
    (tmp_path / "crm/consents.csv").unlink()

    with pytest.raises(duckdb.IOException):
        create_landing_views(connection, tables)
    assert connection.execute("select count(*) from landing_crm.consents").fetchall() == [(0,)]

    write(tmp_path, "crm/consents.csv", csv_text("consents"))
    create_landing_views(connection, tables)
    assert connection.execute("select count(*) from landing_crm.consents").fetchall() == [(2,)]
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


@pytest.mark.parametrize("key", ["k", "密钥", "x" * 64, "x" * 65, "long " * 50])
def test_sql_computes_the_standard_hmac(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPOSITS_KEY", key)
    chosen = read_settings({"DEPOSITS_HOME": str(tmp_path)})
    ensure_keys(chosen)

    with duckdb.connect(str(chosen.keys_file), read_only=True) as connection:
        found = connection.execute(
            "select sha256(outer_pad || unhex(sha256(inner_pad || encode('客户 C1')))) from main.hmac_pads"
        ).fetchall()

    assert found == [(hmac.new(key.encode(), "客户 C1".encode(), hashlib.sha256).hexdigest(),)]


def test_key_is_generated_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEPOSITS_KEY", raising=False)
    chosen = read_settings({"DEPOSITS_HOME": str(tmp_path)})
    ensure_keys(chosen)
    key, written = read_key(chosen), chosen.keys_file.stat().st_mtime_ns

    ensure_keys(chosen)
    assert read_key(chosen) == key
    assert len(key) == 64
    assert chosen.keys_file.stat().st_mtime_ns == written
    assert chosen.keys_file.stat().st_mode & 0o777 == 0o600
    assert chosen.secret_file.stat().st_mode & 0o777 == 0o600
    assert chosen.keys_file.parent.stat().st_mode & 0o777 == 0o700

    monkeypatch.setenv("DEPOSITS_KEY", "another")
    ensure_keys(chosen)
    with duckdb.connect(str(chosen.keys_file), read_only=True) as connection:
        assert connection.execute("from main.hmac_pads").fetchall() == [hmac_pads("another")]


# ---- PostgreSQL ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgres_server() as environment:
        yield environment


def connect(server: dict[str, str]) -> psycopg.Connection:
    parameters = {name.removeprefix("PG").lower(): value for name, value in server.items()}
    return psycopg.connect(dbname=parameters.pop("database"), **parameters)


@pytest.mark.postgres
def test_postgres_has_the_same_rows_as_text(
    server: dict[str, str], tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
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
    create_landing_views(connection, tables)

    with connect(server) as loaded:
        load_landing(loaded, tables, "key")
        loans = loaded.execute(
            "select customer_id, disbursed_date, maturity_date, principal, interest_rate, loan_id,"
            " currency_code from landing_lending.loans order by landed_row"
        ).fetchall()
        for table in tables:
            name = f"{table.contract.schema}.{table.contract.name}"
            texts = [
                f"replace(cast({column.name} as varchar), chr(0), chr(65533))"
                for column in table.contract.columns
            ]
            expected = connection.execute(
                f"select {', '.join(texts + view_columns())} from {name} order by landed_file, landed_row"
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
def test_postgres_load_replaces_all_or_nothing_and_keeps_dependants(
    server: dict[str, str], tmp_path: Path
) -> None:
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
