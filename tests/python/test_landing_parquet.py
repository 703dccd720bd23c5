"""Parquet files as the models see them: with their own types, whatever wrote them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from landing_files import (
    HOLDERS,
    PERSONAL,
    csv_text,
    land_required,
    landed_holders,
    parquet_columns,
    warehouse,
    write,
    write_parquet,
)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
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
    with warehouse(tmp_path) as connection:
        view = connection.sql("from landing_core.transactions")
        (row,) = view.fetchall()
        found = dict(zip(view.columns, zip(row, map(str, view.types), strict=True), strict=True))

    assert found["account_id"] == ("7", "VARCHAR")
    assert found["transaction_id"] == ("T1", "VARCHAR")
    assert found["counterparty_id"] == ("\\xFF", "VARCHAR")
    assert found["booked_at"] == (moment, "TIMESTAMP")
    assert found["loaded_at"] == (datetime(2024, 2, 1, 4, 30, 15, 123456), "TIMESTAMP")
    assert found["amount"] == (Decimal("12.34"), "DECIMAL(18,2)")
    assert found["balance_after"] == (12.5, "DOUBLE")
    assert found["reverses_transaction_id"] == (None, "VARCHAR")
    assert found["direction"] == ("credit", "VARCHAR")
    assert found["landed_file"] == ("core/transactions.parquet", "VARCHAR")
    assert found["landed_row"] == (1, "BIGINT")
    assert found["is_wrong_width"] == (False, "BOOLEAN")
    assert json.loads(found["landed_text"][0])["booked_at"] == "2024-01-31 20:30:15.123456"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", "12:30"), ("+08:00", "20:30"), ("-03:30", "09:00"), ("Europe/Vienna", "13:30")],
)
def test_zoned_timestamps_are_the_writers_clock(zone: str, expected: str, tmp_path: Path) -> None:
    stamps = pa.array([datetime(2024, 1, 31, 12, 30)], pa.timestamp("ms", zone))
    write_parquet(land_required(tmp_path), "crm/consents.parquet", parquet_columns("consents", effective_at=stamps))

    with warehouse(tmp_path) as connection:
        connection.execute("set TimeZone = 'America/New_York'")
        found = connection.execute("select strftime(effective_at, '%H:%M') from landing_crm.consents").fetchall()

    assert found == [(expected,)]


def test_types_that_the_contract_does_not_expect_become_text(tmp_path: Path) -> None:
    columns = {"position_date": [20240131], "market_value": [True], "product_code": [[Decimal("1.5")]]}
    write_parquet(land_required(tmp_path), "wealth/positions.parquet", parquet_columns("positions", **columns))

    query = "select position_date, market_value, product_code from landing_wealth.positions"
    with warehouse(tmp_path) as connection:
        assert connection.execute(query).fetchall() == [("20240131", "true", "[1.5]")]


def test_parquet_parts_of_different_columns_and_types(tmp_path: Path) -> None:
    land_required(tmp_path)
    (tmp_path / HOLDERS).unlink()
    first = parquet_columns("account_holders", ownership_share=[1.0, 0.5], Note=["n", None])
    write_parquet(tmp_path, "core/account_holders/a.parquet", first)
    write_parquet(tmp_path, "core/account_holders/b.parquet", first)
    other = dict(reversed(parquet_columns("account_holders").items()))
    other[" Role "] = other.pop("role")
    write_parquet(tmp_path, "core/account_holders/c.parquet", other | {"ownership_share": [1]})

    rows = landed_holders(tmp_path)

    assert [(row[3], row[4][-9:], row[5]) for row in rows] == [
        ("1.0", "a.parquet", 1),
        ("0.5", "a.parquet", 2),
        ("1.0", "b.parquet", 1),
        ("0.5", "b.parquet", 2),
        ("1", "c.parquet", 1),
    ]
    assert {row[:3] for row in rows} == {(PERSONAL,) * 3}
    assert [json.loads(row[7]).get("Note") for row in rows] == ["n", None, "n", None, None]


def test_names_with_wildcards_and_quotes_mean_one_file(tmp_path: Path) -> None:
    landing = tmp_path / "day=1 [a]'s"
    land_required(landing)
    (landing / HOLDERS).unlink()
    for name in ("a*.csv", "ab.csv", "[ab].csv", "?b'.csv"):
        write(landing, f"core/account_holders/{name}", csv_text("account_holders", rows=1))
    for name in ("x*.parquet", "xy.parquet", "{x,y}.parquet"):
        write_parquet(landing, f"wealth/positions/{name}", parquet_columns("positions"))

    assert len(landed_holders(landing)) == 4
    with warehouse(landing) as connection:
        names = connection.execute("select landed_file from landing_wealth.positions order by all").fetchall()
    assert [name for (name,) in names] == [
        "wealth/positions/x*.parquet",
        "wealth/positions/xy.parquet",
        "wealth/positions/{x,y}.parquet",
    ]


def test_only_selected_columns_are_read(tmp_path: Path) -> None:
    land_required(tmp_path)
    (tmp_path / "core/transactions.csv").unlink()
    write_parquet(tmp_path, "core/transactions.parquet", parquet_columns("transactions", amount=[1.5]))

    with warehouse(tmp_path) as connection:
        query = "explain select sum(amount) from landing_core.transactions"
        plan = connection.execute(query).fetchall()[0][1]

    assert "amount" in plan
    for unused in ("booked_at", "json", "file_row_number", "landed"):
        assert unused not in plan
