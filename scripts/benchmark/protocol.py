"""The cases of the benchmark: what is landed, what is run, what of it is measured."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from scripts.benchmark import spark_server
from scripts.benchmark.bank import Bank, remove
from scripts.benchmark.dbt_results import read_results, summarize
from scripts.benchmark.measure import Stage, run
from scripts.benchmark.yardsticks import SCRIPTS, YARDSTICKS, measure_yardstick, script_names
from scripts.refresh.build import build_command
from scripts.settings import PROJECT, Settings

KEY = "no secret: the bank is synthetic"
REFRESH_STAGES = ("landing", "build", "audit", "publish")
LAND = [sys.executable, "-P", "-m", "scripts.landing.load_duckdb"]
DBT = str(Path(sys.executable).with_name("dbt"))
SEEDS = "resource_type:seed"
NO_LOG_FILE = ("--log-level-file", "none")  # as in a refresh
NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Protocol:
    """One size, measured case after case; each case has a home of its own below the benchmark's."""

    home: Path
    bank: Bank
    months: list[str]
    memory_limit: str | None = None
    is_build_only: bool = False  # land and build as a refresh does, but in place: no copy, no audit, no release
    late_months: int = 1  # how many months before the newest the late day lies
    late_day_of_month: int = 15

    # ---- cases ----

    def full(self) -> dict[str, Any]:
        """Everything from nothing."""
        settings = self._settings("full")
        remove(settings.home)
        self.bank.show(settings.landing, self.months[-1])
        stages = self._build(settings, "full")
        return self._result(settings, stages, self.bank.transactions(self.months))

    def late_day(self) -> dict[str, Any]:
        """A day of an older month is landed again under new numbers, after everything was built."""
        settings = self._built("full", self.months)
        month = self.months[-1 - self.late_months]
        count = self.bank.add_late_day(settings.landing, month, self.late_day_of_month)
        stages = self._build(settings, "late-day")
        return self._result(settings, stages, count) | {"late_months": self.late_months}

    def customer_records(self) -> dict[str, Any]:
        """The customer records of the month after, which come first: where they merge customers, the past changes."""
        settings = self._built("full", self.months)
        stages = self._land_customer_records(settings, "customer-records", self.bank.month_after(self.months[-1]))
        return self._result(settings, stages, 0) | {"history_months": len(self.months)}

    def next_month(self) -> dict[str, Any]:
        """The rest of the month after is landed, after everything was built."""
        return self._append("next-month", "full", self.months)

    def half_history(self) -> dict[str, Any]:
        """The same after half of the months: does a month cost more when the history is twice as long?"""
        return self._append("half-history", "half", self.months[: len(self.months) // 2])

    def models(self) -> dict[str, Any]:
        """The models that make the tables of each hand-written script from those that it is handed; no tests."""
        settings = self._settings("models")
        remove(settings.home)
        self.bank.show(settings.landing, self.months[-1])
        stages = self._run(settings, "models: land", LAND, "landing")
        built, nodes = [SEEDS], []
        for script in SCRIPTS:
            for kind, stage in (("input", f"inputs-{script}"), ("result", f"models-{script}")):
                wanted = [f"+{name}" for name in script_names(script, kind)]
                command = [DBT, "build", *NO_TESTS, "--select", *wanted]
                exclude = ["--exclude", *built] if nodes else [SEEDS]
                stages += self._run(settings, f"models: {stage}", [*command, *exclude], stage)
                nodes += read_results(settings.home / "target")
                built += wanted
        marts = [name for script in SCRIPTS for name in script_names(script, "result")]
        result = self._result(settings, stages, self.bank.transactions(self.months))
        return result | {"dbt": summarize(nodes), "marts": marts}

    def spark_models(self) -> dict[str, Any]:
        """The models of the panel's script once more, on Spark with two cores."""
        settings = self._settings("spark-models")
        remove(settings.home)
        self.bank.show(settings.landing, self.months[-1])
        settings.home.mkdir(parents=True, exist_ok=True)
        inputs, results = ([f"+{name}" for name in script_names("panel", kind)] for kind in ("input", "result"))
        build = [spark_server.DBT, "build", *NO_TESTS]
        commands = {
            "landing": spark_server.LAND,
            "inputs-panel": [*build, "--select", SEEDS, *inputs],
            "models-panel": [*build, "--select", *results, "--exclude", SEEDS, *inputs],
        }
        stages: list[Stage] = []
        with spark_server.spark_server(settings.home, self._environment(settings)) as environment:
            for stage, command in commands.items():
                cpu_before, _ = spark_server.usage(settings.home)
                part = self._run(settings, f"spark-models: {stage}", command, stage, environment=environment)
                stages += spark_server.with_server(part, settings.home, cpu_before)
        rows = [asdict(stage) for stage in stages]
        count = self.bank.transactions(self.months)
        nodes = summarize(read_results(settings.home / "target"))
        return {"stages": rows, "transactions": count, **_totals(rows, count), "dbt": nodes, **_origin()}

    def yardstick(self, name: str) -> dict[str, Any]:
        """A yardstick on the same landing, its results compared with those of the models, or else of everything."""
        homes = [self._settings(case) for case in ("models", "full")]
        settings = next((home for home in homes if home.work_file.exists()), None)
        if settings is None:
            raise SystemExit(f"{name} is compared with the models: run it with --only models,{name}, or --keep.")
        months = [month for month in self.bank.months if self.bank.is_shown(settings.landing, month)]
        count = self.bank.transactions(months)
        measured = measure_yardstick(name, settings, self.home / "yardsticks" / name, self._environment(settings))
        return measured | {"transactions": count, **_totals(measured["stages"], count), **_origin()}

    def cases(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """All cases, in the order in which they are run."""
        return {
            "models": self.models,
            "spark-models": self.spark_models,
            **{name: lambda name=name: self.yardstick(name) for name in YARDSTICKS},
            "full": self.full,
            "late-day": self.late_day,
            "customer-records": self.customer_records,
            "next-month": self.next_month,
            "half-history": self.half_history,
        }

    # ---- how ----

    def _built(self, name: str, months: list[str]) -> Settings:
        """A home in which these months are built: one that is there, or a new one."""
        settings = self._settings(name)
        self.bank.show(settings.landing, months[-1])
        if not settings.work_file.exists():
            self._build(settings, f"base of {name}")
        return settings

    def _append(self, case: str, home: str, months: list[str]) -> dict[str, Any]:
        settings = self._built(home, months)
        month = self.bank.month_after(months[-1])
        if self.bank.is_shown(settings.landing, month):
            raise SystemExit(f"{settings.home} holds {month} already: measure the next month after a new full.")
        if not self.bank.has_customer_records(settings.landing, month):
            self._land_customer_records(settings, f"customer records before {case}", month)
        self.bank.show(settings.landing, month)
        stages = self._build(settings, case)
        result = self._result(settings, stages, self.bank.transactions([month]))
        return result | {"history_months": len(months)}

    def _land_customer_records(self, settings: Settings, name: str, month: str) -> list[Stage]:
        if self.bank.has_customer_records(settings.landing, month):
            raise SystemExit(f"{settings.home} holds the customers of {month} already: measure them after a new full.")
        self.bank.show_customer_records(settings.landing, month)
        return self._build(settings, name)

    def _settings(self, name: str) -> Settings:
        home = self.home / "cases" / name
        return Settings(landing=home / "landing", home=home)

    def _environment(self, settings: Settings) -> dict[str, str]:
        given = {
            "DEPOSITS_HOME": str(settings.home),
            "DEPOSITS_LANDING": str(settings.landing),
            "DEPOSITS_KEY": KEY,
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
            "DBT_TARGET_PATH": str(settings.home / "target"),
            "DBT_LOG_PATH": str(settings.home / "logs"),
            "DBT_THREADS": os.environ.get("DBT_THREADS", "2"),
            "PYTHONPATH": str(PROJECT),
        }
        return given | ({"DEPOSITS_MEMORY_LIMIT": self.memory_limit} if self.memory_limit else {})

    def _build(self, settings: Settings, name: str) -> list[Stage]:
        if self.is_build_only:
            command = [DBT, *build_command(is_full_refresh=not settings.work_file.exists()), *NO_LOG_FILE]
            stages = self._run(settings, f"{name}: land", LAND, "landing")
            return stages + self._run(settings, f"{name}: build", command, "build")
        refresh = [sys.executable, "-P", "-m", "scripts.refresh", "--accept-drift", "benchmark"]
        return self._run(settings, name, refresh, "start", REFRESH_STAGES)

    def _run(
        self,
        settings: Settings,
        name: str,
        command: list[str],
        stage: str,
        names: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
    ) -> list[Stage]:
        print(f"{datetime.now():%H:%M:%S} {name} ...", flush=True)
        for folder in ("work", "quarantine", "keys"):
            (settings.home / folder).mkdir(parents=True, exist_ok=True)
        log = self.home / "logs" / f"{name.replace(': ', '_').replace(' ', '_')}.log"
        stages = run(command, stage, environment or self._environment(settings), log, names=names)
        for part in stages:
            taken = f"{part.wall_seconds:.1f} s, CPU {part.cpu_seconds:.1f} s"
            print(f"  {part.stage}: {taken}, {part.peak_memory_bytes / 2**30:.2f} GiB", flush=True)
        return stages

    def _result(self, settings: Settings, stages: list[Stage], transactions: int) -> dict[str, Any]:
        rows = [asdict(stage) for stage in stages]
        target = settings.home / "target"
        return {
            "stages": rows,
            "transactions": transactions,
            **_totals(rows, transactions),
            "rebuilt_from": first_rebuilt_month(settings),
            "work_file_bytes": settings.work_file.stat().st_size,
            "dbt": summarize(read_results(target)),
            **_origin(),
        }


def first_rebuilt_month(settings: Settings) -> str:
    """The first month that the last build made, as YYYY-MM."""
    with duckdb.connect(str(settings.work_file), read_only=True) as connection:
        query = "select min(rebuild_from_month_number) from panel.rebuild_window"
        ((number,),) = connection.execute(query).fetchall()
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _totals(stages: list[dict[str, Any]], transactions: int) -> dict[str, Any]:
    wall = sum(stage["wall_seconds"] for stage in stages)
    return {
        "wall_seconds": round(wall, 3),
        "cpu_seconds": round(sum(stage["cpu_seconds"] for stage in stages), 3),
        "peak_memory_bytes": max(stage["peak_memory_bytes"] for stage in stages),
        "transactions_per_second": round(transactions / wall, 1),
    }


def _origin() -> dict[str, str]:
    """When and of which state of the project."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return {"commit": done.stdout.strip() or "unknown", "measured_on": f"{datetime.now(UTC):%Y-%m-%d}"}
