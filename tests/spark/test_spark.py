"""The models on a Spark cluster: the marts that DuckDB makes, months that stay, and what has to fail does.

    ./scripts/run test --engine spark            # -k in_full: the first build only

One cluster and one small bank for all of it, in this order; the builds take most of the time.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_parity import assert_same_readings
from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from odd_landed_values import assert_read_as_expected
from spark_warehouse import SparkWarehouse, assert_same_marts, spark_cluster
from spoilt_project import assert_spoils_fail
from warehouse import Warehouse

from scripts.spark.cluster import running

LAST_MONTH = "2025-01"
UNIT_TESTED = ("staging", "panel", "marts")  # a part, for time: dbt test --target spark runs them all


class Bank:
    """A landing full of trouble, with and without its last month, and its home."""

    def __init__(self, folder: Path) -> None:
        self.landing = folder / "landing"
        self.home = folder / "home"
        self.rows: LandingBuilder = NastyBank(seed=3, customers=40).build()
        self.transactions = self.rows.rows["core.transactions"]
        self.embedded = Warehouse(home=self.home, landing=self.landing)
        self.spark = SparkWarehouse(home=self.home, landing=self.landing)

    def write(self, *, last_month: bool) -> None:
        """Lands the bank as of one month or the next."""
        self.rows.rows["core.transactions"] = [
            row for row in self.transactions if last_month or row["booked_at"][:7] < LAST_MONTH
        ]
        self.rows.write(self.landing)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """The bank, with its cluster running."""
    made = Bank(tmp_path_factory.mktemp("bank"))
    with spark_cluster(made.home):
        yield made


def kill_a_worker(home: Path, delay: float) -> None:
    """Kills one worker and its executor, as a machine that is gone."""
    time.sleep(delay)
    worker = running(home / "spark")["worker-1"]
    for process in (*worker.children(recursive=True), worker):
        os.kill(process.pid, signal.SIGKILL)


def test_marts_are_those_of_duckdb_in_full(bank: Bank) -> None:
    bank.write(last_month=False)
    bank.embedded.build("--full-refresh")
    bank.spark.build("--full-refresh")
    assert_same_marts(bank.embedded)


def test_odd_texts_are_read_as_on_duckdb(bank: Bank) -> None:
    assert_read_as_expected(bank.spark, "spark")


def test_marts_are_those_of_duckdb_month_by_month(bank: Bank) -> None:
    bank.write(last_month=True)
    bank.embedded.build()
    bank.spark.build()
    assert_same_marts(bank.embedded)


def test_expectations_and_evaluation_read_what_they_read_on_duckdb(bank: Bank) -> None:
    assert_same_readings(bank.embedded, "spark")
    for command in (("validate", "--door", "marts"), ("evaluate",)):
        bank.spark.run(sys.executable, "-m", f"scripts.{command[0]}", *command[1:], "--engine", "spark")


def test_data_tests_and_unit_tests_pass(bank: Bank) -> None:
    unit_tests = (f"models/{floor},test_type:unit" for floor in UNIT_TESTED)
    bank.spark.dbt("test", "--select", "marts,test_type:data", *unit_tests)


def test_a_build_survives_a_worker_that_is_killed(bank: Bank) -> None:
    before = running(bank.home / "spark")
    assert "worker-1" in before
    killer = threading.Thread(target=kill_a_worker, args=(bank.home, 60))
    killer.start()
    bank.spark.build("--full-refresh")
    killer.join()
    assert set(running(bank.home / "spark")) == set(before) - {"worker-1"}
    assert_same_marts(bank.embedded)  # in full what it was month by month


def test_what_has_to_fail_fails(bank: Bank, tmp_path: Path) -> None:
    """Last: on Spark a table is gone whose new rows break its contract."""
    assert_spoils_fail(bank.spark, tmp_path)
