"""The two doors of Great Expectations: what passes, what warns, what blocks; and that no value gets out."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from landing_builder import LandingBuilder

from scripts.landing.gate import inspect_landing
from scripts.landing.load_duckdb import create_landing_views
from scripts.reader import Reader
from scripts.validate import DoorResult, judge, main, validate_landing, validate_marts
from tests.expectations.landing import NEEDED
from tests.expectations.landing import suites as landing_suites
from tests.expectations.marts import suites as marts_suites

SECRET = "SECRETVALUE"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing here may open a connection."""

    def refuse(*_: object) -> None:
        raise AssertionError("a network call")

    monkeypatch.setattr(socket.socket, "connect", refuse)


# ---- the landing ---------------------------------------------------------------------------------


def good_landing() -> LandingBuilder:
    """Three months, ten customers, everything optional landed."""
    builder = LandingBuilder()
    for number in range(10):
        builder.customer(f"C{number}").account(f"A{number}", owner=f"C{number}")
        for month in (1, 2, 3):
            for day in range(1, 8):
                builder.transaction(f"A{number}", f"2024-{month:02d}-0{day} 10:00:00", "100.00")
                builder.transaction(f"A{number}", f"2024-{month:02d}-1{day} 10:00:00", "50.00", "debit")
    builder.position("C1", "2024-01-31", "1000.00").risk_assessment("C1", "2024-01-05")
    builder.loan("L1", "C1").loan_position("L1", "2024-01-31").credit_rating("C1", "2024-01-05")
    builder.consent("C1", "2024-01-05").interaction("C1", "2024-01-05").judgement("C1", "value_tier", "high")
    builder.interest_rate("12", "2024-01-05", "0.02")
    for day in range(1, 31):
        builder.fx_rate("USD", f"2024-01-{day:02d}", "7.1")
    return builder.region("R1", "2023-12-31")


def validated_landing(landing: Path, table: str = "core.transactions") -> DoorResult:
    """What the suites of one table say."""
    suites = landing_suites({table})
    with duckdb.connect() as connection:
        create_landing_views(connection, inspect_landing(landing))
        return DoorResult("landing", judge(Reader(connection), suites))


def failures(result: DoorResult) -> set[tuple[str, str, str]]:
    return {(check.severity, check.table, check.column) for check in result.failed}


@pytest.mark.parametrize("how", [{}, {"parquet": tuple(NEEDED), "parts": {"core.transactions": 3}}])
def test_a_good_landing_meets_everything(tmp_path, how):
    landing = good_landing().write(tmp_path / "landing", **how)
    with duckdb.connect() as connection:
        create_landing_views(connection, inspect_landing(landing))
        result = validate_landing(Reader(connection))
    assert failures(result) == set()
    assert {check.table.split(" ")[0] for check in result.checks} == set(NEEDED)


def blank(table: str, column: str, start: int, value: str = "") -> Callable[[LandingBuilder], None]:
    """Spoils a column from a row on."""

    def spoil(builder: LandingBuilder) -> None:
        for row in builder.rows[table][start:]:
            row[column] = value

    return spoil


def no_rows(table: str) -> Callable[[LandingBuilder], None]:
    return lambda builder: builder.rows[table].clear() or (builder.header_only(table) and None)


def without_february(builder: LandingBuilder) -> None:
    rows = builder.rows["core.transactions"]
    rows[:] = [row for row in rows if not row["booked_at"].startswith("2024-02")]


def cut_off_february(builder: LandingBuilder) -> None:
    rows = builder.rows["core.transactions"]
    february = [row for row in rows if row["booked_at"].startswith("2024-02")]
    rows[:] = [row for row in rows if row not in february[20:]]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (no_rows("core.transactions"), ("critical", "core.transactions", "row_count")),
        (no_rows("core.customers"), ("critical", "core.customers", "row_count")),
        (no_rows("wealth.positions"), ("warning", "wealth.positions", "row_count")),
        (
            blank("core.transactions", "account_id", 10),
            ("critical", "core.transactions", "account_id_blank_share"),
        ),
        (
            blank("core.transactions", "account_id", 400),
            ("warning", "core.transactions", "account_id_blank_share"),
        ),
        (
            blank("core.transactions", "amount", 10, SECRET),
            ("critical", "core.transactions", "amount_bad_share"),
        ),
        (
            blank("core.transactions", "booked_at", 10, SECRET),
            ("critical", "core.transactions", "booked_at_bad_share"),
        ),
        (
            blank("core.transactions", "direction", 10, SECRET),
            ("critical", "core.transactions", "direction_bad_share"),
        ),
        (blank("core.transactions", "direction", 0, "credit"), ("warning", "core.transactions", "debit_count")),
        (
            blank("core.transactions", "loaded_at", 390, "2024-01-01 00:00:00"),
            ("warning", "core.transactions", "booked_after_load_share"),
        ),
        (
            blank("core.transactions", "booked_at", 419, "1024-01-01 00:00:00"),
            ("warning", "core.transactions", "ancient_count"),
        ),
        (without_february, ("warning", "core.transactions by month", "month_step_count")),
        (cut_off_february, ("warning", "core.transactions by month", "growth_ratio")),
        (
            lambda builder: [builder.raw_line("core.accounts", f"{SECRET},x") for _ in range(20)],
            ("critical", "core.accounts", "wrong_width_share"),
        ),
        (
            blank("market.fx_rates", "rate_to_base", 0, SECRET),
            ("critical", "market.fx_rates", "rate_to_base_bad_share"),
        ),
    ],
)
def test_a_spoiled_landing_is_noticed(tmp_path, spoil, expected):
    builder = good_landing()
    table = expected[1].split(" ")[0]
    for name, rows in builder.rows.items():
        if name != table and not name.startswith("core."):
            rows.clear()
    spoil(builder)
    result = validated_landing(builder.write(tmp_path / "landing"), table)
    assert expected in failures(result)
    assert result.is_blocked == ("critical" in {severity for severity, _, _ in failures(result)})
    assert SECRET not in json.dumps(result.to_json())


def test_a_few_bad_rows_never_block(tmp_path):
    """Below min_rejected_rows the shares mean nothing: three bookings of five may be bad."""
    builder = LandingBuilder().customer("C1").account("A1", owner="C1")
    for day in range(1, 6):
        builder.transaction("A1" if day > 3 else "", f"2024-01-0{day} 10:00:00", "100.00" if day > 3 else SECRET)
    assert not validated_landing(builder.write(tmp_path / "landing")).is_blocked


def test_one_shifted_file_among_good_ones_is_noticed(tmp_path):
    landing = good_landing().write(tmp_path / "landing", parts={"core.transactions": 3})
    part = landing / "core" / "transactions" / "part-1.csv"
    header, *lines = part.read_text(encoding="utf-8").splitlines()
    part.write_text("\n".join([header, *(f",{line.rpartition(',')[0]}" for line in lines)]) + "\n", encoding="utf-8")
    result = validated_landing(landing)
    assert ("warning", "core.transactions by file", "transaction_id_blank_share") in failures(result)
    assert not result.is_blocked


# ---- the marts -----------------------------------------------------------------------------------

MARTS = """
create schema marts;
create table marts.customer_features_monthly as
select
    sha256(customer::varchar) as customer_key,
    last_day(date '2024-01-01' + to_months(month::integer)) as as_of_date,
    'individual' as customer_type_code,
    100::decimal(18, 2) as month_end_balance, 10::decimal(18, 2) as net_flow_1m,
    100::decimal(18, 2) as adb_1m, 100::decimal(18, 2) as adb_3m, 100::decimal(18, 2) as adb_12m,
    20::decimal(18, 2) as market_value, 120::decimal(18, 2) as aum_1m, false as is_aum_deposits_only,
    0.5::double as drawdown_12m, 0.1::double as balance_cv_6m, 90::decimal(18, 2) as core_balance_12m,
    5::decimal(18, 2) as largest_deposit_1m, 7::decimal(18, 2) as largest_deposit_12m,
    9::decimal(18, 2) as cumulative_deposit_12m, 1 as open_account_count
from range(4) as customers (customer) cross join range(3) as months (month);

create table marts.customer_segments_monthly as
select
    customer_key, as_of_date, 'mid' as earned_value_tier_code, 'mid' as service_value_tier_code,
    'mid' as value_tier_code, 2 as value_tier_rank, 'Mid-range' as value_tier_label, '中端客户' as value_tier_label_zh,
    'normal' as tier_status_code, 'Normal' as tier_status_label, '正常' as tier_status_label_zh,
    '2020.1' as rule_version
from marts.customer_features_monthly;

create table marts.segment_sizes_monthly as
select
    as_of_date, 'value_tier' as dimension, segment_code,
    case segment_code when 'mid' then 4 else 0 end as customer_count,
    case segment_code when 'mid' then 1 else 0 end::double as customer_share,
    case segment_code when 'mid' then 480 else 0 end::decimal(38, 2) as aum_1m
from (select distinct as_of_date from marts.customer_features_monthly)
cross join (values ('ordinary'), ('mid'), ('high')) as codes (segment_code);

create table marts.balance_reconciliation_monthly as
select
    as_of_date, 4 as account_count, 0 as unconverted_account_count, 4 as customer_count,
    400::decimal(18, 2) as ledger_balance, 0::decimal(18, 2) as unallocated_balance,
    0::decimal(18, 2) as rounding_difference
from marts.customer_features_monthly group by as_of_date;

create table marts.data_reconciliation as
select
    'core' as source_name, table_name, true as is_landed, 10 as landed_count, 8 as accepted_count,
    1 as duplicate_count, 1 as rejected_count, 0.1::double as rejected_share
from (values ('customers'), ('accounts')) as tables (table_name);

create table marts.data_rejections as
select sha256('x') as key_hash, 'bad_number' as reason_code, 'rejected' as severity_code;
"""
FEATURES, SEGMENTS = "customer_features_monthly by month", "customer_segments_monthly by month"
SIZES, BALANCES = "segment_sizes_monthly by month and dimension", "balance_reconciliation_monthly"
ONE = "where as_of_date = '2024-02-29' and customer_key = sha256('1')"


@pytest.fixture
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(MARTS)
        yield connection


def validated_marts(marts: duckdb.DuckDBPyConnection, statement: str, table: str) -> DoorResult:
    """What one suite says after a statement."""
    marts.execute(statement)
    return DoorResult("marts", judge(Reader(marts), [suite for suite in marts_suites() if suite.table == table]))


def test_good_marts_meet_everything(marts):
    result = validate_marts(Reader(marts))
    assert failures(result) == set()
    assert {"critical", "warning"} == {check.severity for check in result.checks}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f"update marts.customer_features_monthly set customer_key = null {ONE}", (FEATURES, "malformed_key_count")),
        (
            f"update marts.customer_features_monthly set customer_key = '{SECRET}' {ONE}",
            (FEATURES, "malformed_key_count"),
        ),
        (
            f"insert into marts.customer_features_monthly from marts.customer_features_monthly {ONE}",
            (FEATURES, "row_count = customer_count"),
        ),
        (f"update marts.customer_features_monthly set aum_1m = 1 {ONE}", (FEATURES, "aum_mismatch_count")),
        (
            f"update marts.customer_features_monthly set is_aum_deposits_only = true {ONE}",
            (FEATURES, "deposits_only_mismatch_count"),
        ),
        (f"update marts.customer_features_monthly set drawdown_12m = 1.1 {ONE}", (FEATURES, "drawdown_outside_count")),
        (f"update marts.customer_features_monthly set balance_cv_6m = -1 {ONE}", (FEATURES, "negative_cv_count")),
        (
            f"update marts.customer_features_monthly set core_balance_12m = 101 {ONE}",
            (FEATURES, "core_above_adb_count"),
        ),
        (
            f"update marts.customer_features_monthly set largest_deposit_12m = 1 {ONE}",
            (FEATURES, "largest_below_month_count"),
        ),
        (
            f"update marts.customer_features_monthly set cumulative_deposit_12m = -1 {ONE}",
            (FEATURES, "negative_deposit_count"),
        ),
        (f"update marts.customer_features_monthly set open_account_count = -1 {ONE}", (FEATURES, "no_account_count")),
        (
            f"update marts.customer_features_monthly set customer_type_code = '{SECRET}' {ONE}",
            ("customer_features_monthly.customer_type_code", "code"),
        ),
        (f"delete from marts.customer_segments_monthly {ONE}", (SEGMENTS, "row_count = feature_row_count")),
        (
            f"update marts.customer_segments_monthly set value_tier_label_zh = null {ONE}",
            (SEGMENTS, "no_tier_label_count"),
        ),
        (
            f"update marts.customer_segments_monthly set tier_status_label = null {ONE}",
            (SEGMENTS, "no_status_label_count"),
        ),
        (f"update marts.customer_segments_monthly set value_tier_rank = 0 {ONE}", (SEGMENTS, "rank_mismatch_count")),
        (
            f"update marts.customer_segments_monthly set value_tier_code = '{SECRET}' {ONE}",
            ("customer_segments_monthly.value_tier_code", "code"),
        ),
        (
            f"update marts.customer_segments_monthly set rule_version = '1.0' {ONE}",
            ("customer_segments_monthly.rule_version", "code"),
        ),
        (
            f"update marts.customer_segments_monthly set tier_status_code = null {ONE}",
            ("customer_segments_monthly.tier_status_code", "code"),
        ),
        (
            "delete from marts.segment_sizes_monthly where as_of_date = '2024-02-29'",
            ("all monthly marts", "gap_count"),
        ),
        (
            "delete from marts.segment_sizes_monthly where as_of_date = '2024-01-31'",
            ("all monthly marts", "missing_count"),
        ),
        (
            "delete from marts.segment_sizes_monthly where as_of_date = '2024-03-31'",
            ("all monthly marts", "months_behind_count"),
        ),
        (
            "update marts.balance_reconciliation_monthly set as_of_date = '2024-02-28' where as_of_date = '2024-02-29'",
            ("all monthly marts", "odd_date_count"),
        ),
        (
            "update marts.segment_sizes_monthly set customer_share = 0.9 where segment_code = 'mid'",
            (SIZES, "share_sum"),
        ),
        (
            "update marts.segment_sizes_monthly set customer_count = 3 where segment_code = 'mid'",
            (SIZES, "customer_count = feature_row_count"),
        ),
        ("update marts.segment_sizes_monthly set aum_1m = 1 where segment_code = 'mid'", (SIZES, "aum_difference")),
        ("update marts.segment_sizes_monthly set segment_code = 'mid'", (SIZES, "repeated_count")),
        (
            "update marts.balance_reconciliation_monthly set rounding_difference = 0.04",
            (BALANCES, "unexplained_amount"),
        ),
        (
            "update marts.data_reconciliation set accepted_count = 7 where table_name = 'accounts'",
            ("data_reconciliation", "unreconciled_count"),
        ),
        ("update marts.data_reconciliation set rejected_share = 2", ("data_reconciliation", "share_outside_count")),
        ("update marts.data_reconciliation set table_name = 'accounts'", ("data_reconciliation", "repeated_count")),
        (f"update marts.data_rejections set key_hash = '{SECRET}'", ("data_rejections", "unhashed_count")),
        (f"update marts.data_rejections set reason_code = '{SECRET}'", ("data_rejections.reason_code", "code")),
        ("update marts.data_rejections set severity_code = 'odd'", ("data_rejections", "unknown_severity_count")),
        ("drop table marts.customer_segments_monthly", (SEGMENTS, "")),
    ],
)
def test_spoiled_marts_block(marts, statement, expected):
    result = validated_marts(marts, statement, expected[0])
    assert ("critical", *expected) in failures(result)
    assert result.is_blocked
    assert SECRET not in json.dumps(result.to_json())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "delete from marts.customer_features_monthly"
            " where as_of_date = '2024-03-31' and customer_key <> sha256('1')",
            (FEATURES, "growth_ratio"),
        ),
        ("update marts.customer_features_monthly set aum_1m = null", (FEATURES, "unknown_aum_share")),
        ("update marts.customer_features_monthly set adb_12m = 1e14", (FEATURES, "too_large_count")),
        (
            "update marts.customer_segments_monthly set value_tier_code = 'unclassified', value_tier_rank = 0",
            (SEGMENTS, "unclassified_share"),
        ),
        ("update marts.balance_reconciliation_monthly set unallocated_balance = 100", (BALANCES, "unallocated_share")),
        (
            "update marts.balance_reconciliation_monthly set unconverted_account_count = 2",
            (BALANCES, "unconverted_share"),
        ),
        ("update marts.data_reconciliation set landed_count = 0", ("data_reconciliation", "empty_count")),
        (
            "delete from marts.customer_features_monthly where as_of_date = '2024-02-29'",
            ("all monthly marts", "customerless_count"),
        ),
    ],
)
def test_odd_marts_warn(marts, statement, expected):
    assert ("warning", *expected) in failures(validated_marts(marts, statement, expected[0]))


# ---- the command ---------------------------------------------------------------------------------


def test_command_says_what_fails_and_what_to_do(tmp_path, capsys):
    file, result = tmp_path / "warehouse.duckdb", tmp_path / "validation.json"
    with duckdb.connect(str(file)) as connection:
        connection.execute(MARTS)
    assert main(["--door", "marts", "--file", str(file), "--json", str(result)]) == 0
    assert "0 critical failures, 0 warnings" in capsys.readouterr().out
    assert json.loads(result.read_text(encoding="utf-8"))["is_blocked"] is False
    with duckdb.connect(str(file)) as connection:
        connection.execute("update marts.customer_features_monthly set aum_1m = 1")
    assert main(["--door", "marts", "--file", str(file)]) == 1
    shown = capsys.readouterr().out
    assert "critical  customer_features_monthly by month: aum_mismatch_count" in shown
    assert "in 3 of 3 rows, found 4" in shown
    assert "aum_1m must be adb_1m + market_value." in shown


def test_command_without_anything_to_validate(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DEPOSITS_HOME", str(tmp_path))
    assert main(["--door", "landing"]) == 2
    assert "./scripts/run land first" in capsys.readouterr().err
    (tmp_path / "work").mkdir()
    duckdb.connect(str(tmp_path / "work" / "warehouse.duckdb")).close()
    assert main(["--door", "marts"]) == 2
    assert "./scripts/run refresh first" in capsys.readouterr().err
    (tmp_path / "not.duckdb").write_text("nonsense", encoding="utf-8")
    assert main(["--door", "marts", "--file", str(tmp_path / "not.duckdb")]) == 2
    assert "can't be read" in capsys.readouterr().err
