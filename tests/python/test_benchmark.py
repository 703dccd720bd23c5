"""The benchmark's own arithmetic, on recorded results: what dbt ran, what is written, what the page tells."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import jsonschema
import pytest

from scripts.benchmark.bank import Bank
from scripts.benchmark.compare import compare_tables
from scripts.benchmark.dbt_results import read_results, summarize
from scripts.benchmark.hand_written import script_file, statements
from scripts.benchmark.measure import run
from scripts.benchmark.page import write_page
from scripts.benchmark.results import add_case, machine_facts, ratios, read_all
from scripts.benchmark.yardsticks import SCRIPTS, script_names
from scripts.settings import PROJECT


def node(unique_id: str, start: int, end: int) -> dict:
    """A result as dbt writes it."""
    at = "2026-01-01T00:00:{:02d}.000000Z".format
    return {
        "unique_id": unique_id,
        "execution_time": end - start,
        "timing": [
            {"name": "compile", "started_at": at(start), "completed_at": at(start)},
            {"name": "execute", "started_at": at(start), "completed_at": at(end)},
        ],
    }


def case(wall: float, transactions: int = 1000, **more: object) -> dict:
    """A measured case."""
    stages = [{"stage": "build", "wall_seconds": wall, "cpu_seconds": wall, "peak_memory_bytes": 2**30}]
    return {
        "stages": stages, "transactions": transactions, "wall_seconds": wall, "cpu_seconds": wall,
        "peak_memory_bytes": 2**30, "transactions_per_second": transactions / wall, "commit": "abc",
        "measured_on": "2026-01-01", **more,
    }  # fmt: skip


def facts(customers: int, memory_limit: str = "6GB") -> dict:
    """What is said of a size."""
    return {
        "customers": customers, "months": 24, "transactions": 100 * customers, "memory_limit": memory_limit,
        "is_build_only": False, **machine_facts(),
    }  # fmt: skip


def test_what_runs_at_once_counts_once(tmp_path: Path) -> None:
    """Seconds by kind; busy seconds unite overlapping nodes; the slowest model stands first."""
    results = [
        node("model.bank.slow", 0, 5), node("model.bank.beside", 3, 6), node("model.bank.later", 8, 9),
        node("test.bank.unique_slow.1a2b", 6, 8),
    ]  # fmt: skip
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    summary = summarize(read_results(tmp_path))
    assert summary["node_counts"] == {"model": 3, "test": 1, "seed": 0}
    assert summary["node_seconds"]["model"] == 9
    assert summary["busy_seconds"] == {"model": 7.0, "test": 2.0, "seed": 0.0}
    assert list(summary["model_seconds"]) == ["slow", "beside", "later"]


def test_a_command_is_measured_stage_by_stage(tmp_path: Path) -> None:
    """Stages that a command announces are told apart; its failure ends the benchmark."""
    program = "import time; print('landing ...', flush=True); time.sleep(.3); print('build ...', flush=True); 9**9**5"
    stages = run([sys.executable, "-c", program], "start", {}, tmp_path / "log", names=("landing", "build"))
    assert [stage.stage for stage in stages] == ["start", "landing", "build"]
    assert stages[1].wall_seconds > 0.25
    assert stages[2].cpu_seconds > 0
    with pytest.raises(SystemExit, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], "start", {}, tmp_path / "log")


def test_results_keep_the_other_cases_and_fit_their_schema(tmp_path: Path) -> None:
    """A case that is measured again replaces itself alone; what the schema doesn't know isn't written."""
    file = tmp_path / "1000.json"
    add_case(file, facts(1000), "full", case(80))
    add_case(file, facts(1000), "next-month", case(9, 50))
    add_case(file, facts(1000), "full", case(72))
    (size,) = read_all(tmp_path)
    assert {name: part["wall_seconds"] for name, part in size["cases"].items()} == {"full": 72, "next-month": 9}
    assert ratios(size)["next_month_to_full"] == 0.125
    assert ratios(size)["models_to_panel"] is None
    with pytest.raises(jsonschema.ValidationError):
        add_case(file, facts(1000), "full", case(1, surprise=1))


def test_the_page_tells_every_size_and_the_picture_is_drawn(tmp_path: Path) -> None:
    """Ratios, cases, what was compared, and the curves."""
    summary = {
        "node_counts": {"model": 1}, "node_seconds": {"model": 30.0}, "busy_seconds": {"model": 30.0},
        "model_seconds": {"customer_months": 30.0},
    }  # fmt: skip
    results = tmp_path / "benchmark"
    same = [{"table": "account_months", "rows": 5, "is_same": True}]
    for customers, wall in ((1000, 60.0), (10000, 300.0)):
        file = results / f"{customers}.json"
        rows = 100 * customers
        add_case(file, facts(customers), "full", case(wall, rows, dbt=summary))
        add_case(file, facts(customers), "hand-written-panel", case(wall / 8, rows, compared=same))
        add_case(file, facts(customers), "hand-written-scores", case(wall / 16, rows))
        add_case(file, facts(customers), "hand-written-tags", case(wall / 8, 2 * rows))  # with twice the months
        add_case(results / f"{customers}_4GB.json", facts(customers, "4GB"), "full", case(2 * wall, dbt=summary))
    text = write_page(results).read_text()
    assert "| 10,000 × 24 months | 1,000,000 |" in text
    assert "| 1,000 at 4GB | full | 120 | 120 | 1.00 |" in text
    assert "| 1,000 | hand-written-panel | account_months | 5 | the same |" in text
    assert "| 10,000 | – | – | – | 4.0 |" in text
    assert "| customer_months | 30.0 |" in text
    assert "<svg" in (results / "growth.svg").read_text()


def test_differing_values_are_found_column_by_column() -> None:
    """Tables are the same whatever the order of their rows; else the columns that differ are named."""
    with duckdb.connect() as connection:
        connection.execute("create table a as select * from (values (1, 1.5), (2, 2.5)) as rows (id, amount)")
        connection.execute("create table b as select * from (values (2, 2.5), (1, 1.5)) as rows (id, amount)")
        assert compare_tables(connection, "a", "main.b", ["id", "amount"]) == {"table": "b", "rows": 2, "is_same": True}
        connection.execute("update b set amount = 0 where id = 1")
        compared = compare_tables(connection, "a", "b", ["id", "amount"])
        assert not compared["is_same"]
        assert compared["differing"] == {"amount": 0}


def test_a_case_sees_the_months_up_to_its_last_one(tmp_path: Path) -> None:
    """Parts of later months are left out, single files never; a month's customers can be shown before the rest of it; a
    late day is one day again under new numbers."""
    folder = tmp_path / "landing" / "core" / "transactions"
    folder.mkdir(parents=True)
    (tmp_path / "landing" / "market").mkdir()
    (tmp_path / "landing" / "market" / "regions.csv").touch()
    for month in ("2024-01", "2024-02"):
        duckdb.execute(
            f"copy (select 'T' || day as transaction_id, timestamp '{month}-01 10:00' + to_days(day) as booked_at,"
            f" cast(null as varchar) as reverses_transaction_id, timestamp '{month}-28 12:00' as loaded_at"
            f" from range(20) as days (day)) to '{folder}/{month}.parquet' (format parquet)"
        )
    (tmp_path / "landing" / "core" / "customers").mkdir()
    for month in ("2024-01", "2024-02"):
        (tmp_path / "landing" / "core" / "customers" / f"{month}.csv").touch()
    bank = Bank(tmp_path / "landing")
    assert bank.transactions() == 40
    shown = tmp_path / "case"
    bank.show(shown, "2024-01")
    assert {file.name for file in shown.rglob("*.*")} == {"2024-01.parquet", "2024-01.csv", "regions.csv"}
    assert not bank.has_customer_records(shown, "2024-02")
    bank.show_customer_records(shown, "2024-02")
    assert bank.has_customer_records(shown, "2024-02")
    assert not bank.is_shown(shown, "2024-02")
    bank.show(shown, "2024-02")
    assert bank.is_shown(shown, "2024-02")
    assert bank.add_late_day(shown, "2024-01", 15) == 1
    assert bank.months == ["2024-01", "2024-02"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_names_models_that_exist(script: str) -> None:
    """What it is handed and what it computes are models, and it splits into statements."""
    models = {file.stem for file in (PROJECT / "models").rglob("*.sql")}
    assert {*script_names(script, "input"), *script_names(script, "result")} <= models
    created = [part for part in statements(script_file(script).read_text()) if "create table result." in part]
    assert len(created) == len(script_names(script, "result"))


def test_a_child_that_nobody_waits_for_counts(tmp_path: Path) -> None:
    """Its CPU seconds and its memory are those of the command."""
    child = (
        "import time; held = bytearray(300_000_000)\nwhile time.process_time() < 0.5: pass\n"
        "time.sleep(0.5); print('done', flush=True)"
    )
    start = f"subprocess.Popen([sys.executable, '-c', {child!r}], stdout=-1)"
    program = f"import subprocess, sys; {start}.stdout.readline()"
    (stage,) = run([sys.executable, "-c", program], "start", {}, tmp_path / "log")
    assert stage.cpu_seconds > 0.45
    assert stage.peak_memory_bytes > 300_000_000
