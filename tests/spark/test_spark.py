"""The models on a Spark cluster: the marts that DuckDB makes, months that stay, and what has to fail does.

    ./scripts/run test --engine spark

One cluster and one small bank for all of it, in this order; the builds take most of the time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from spark_warehouse import SparkWarehouse, assert_same_marts, spark_cluster
from warehouse import Warehouse

from scripts.spark.cluster import running

LAST_MONTH = "2025-01"


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


def test_marts_are_those_of_duckdb_whether_built_at_once_or_month_by_month(bank: Bank) -> None:
    bank.write(last_month=False)
    bank.embedded.build("--full-refresh")
    bank.spark.build("--full-refresh")
    assert_same_marts(bank.embedded)

    bank.write(last_month=True)
    bank.embedded.build()
    bank.spark.build()
    assert_same_marts(bank.embedded)


def test_a_build_survives_a_worker_that_is_killed(bank: Bank) -> None:
    before = running(bank.home / "spark")
    assert "worker-1" in before
    killer = threading.Thread(target=kill_a_worker, args=(bank.home, 60))
    killer.start()
    bank.spark.build("--full-refresh")
    killer.join()
    assert set(running(bank.home / "spark")) == set(before) - {"worker-1"}
    assert_same_marts(bank.embedded)  # in full what it was month by month


def spoilt(bank: Bank, folder: Path, file: str, old: str, new: str) -> SparkWarehouse:
    """The project with one text of one file changed."""
    copy = bank.spark.copy_of_project(folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def fails(warehouse: SparkWarehouse, *arguments: str) -> str:
    """What dbt says when it fails."""
    done = subprocess.run(
        [*warehouse.dbt_command, *arguments], cwd=warehouse.project, env=warehouse.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout[-3000:]
    return done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("models/marts/data_reconciliation.sql", "as bigint) as warning_count", "as integer) as warning_count",
         "the contract says bigint"),
        ("models/marts/data_reconciliation.sql", "cast(coalesce(found.rejected_count, 0) as bigint)",
         "cast(nullif(coalesce(found.rejected_count, 0), 0) as bigint)", "rejected_count is null"),
    ],
)  # fmt: skip
def test_a_broken_contract_fails(bank: Bank, tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    copy = spoilt(bank, tmp_path, file, old, new)
    assert said in fails(copy, "run", "--select", "data_reconciliation")


def test_data_tests_and_unit_tests_pass(bank: Bank) -> None:
    bank.spark.dbt("test", "--select", "marts", "--no-partial-parse")
