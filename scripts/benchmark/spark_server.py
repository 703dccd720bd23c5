"""Spark with as many cores as DuckDB has, on this machine, for the time of a case."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil

from scripts.benchmark.measure import Stage
from scripts.settings import PROJECT
from scripts.spark.cluster import running

BIN = PROJECT / ".venv-spark/bin"
DBT = str(BIN / "dbt")
LAND = [str(BIN / "python"), "-P", "-m", "scripts.landing.load_spark"]
CLUSTER = [str(BIN / "python"), "-P", "-m", "scripts.spark.cluster"]
# What a bank of this size wants; the cluster's own settings are for the small ones of tests.
SETTINGS = {
    "DEPOSITS_SPARK_WORKER_MEMORY": "5g",
    "DEPOSITS_SPARK_EXECUTOR_MEMORY": "4g",
    "DEPOSITS_SPARK_DRIVER_MEMORY": "4g",
    "DEPOSITS_SPARK_JAVA_OPTIONS": "-XX:+UseParallelGC",
    "DEPOSITS_SPARK_CODEGEN": "true",
    "DBT_TARGET": "spark",
}


@contextmanager
def spark_server(home: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Starts it; gives the environment that dbt needs to find it."""
    if not BIN.exists():
        raise SystemExit("Spark needs its environment: DBT_TARGET=spark ./scripts/run setup makes it.")
    given = {**environment, **SETTINGS}
    subprocess.run([*CLUSTER, "start"], env=given, cwd=PROJECT, check=True)
    try:
        for line in (home / "spark" / "cluster.env").read_text("utf-8").split()[1:]:
            name, _, value = line.partition("=")
            given[name] = value
        yield given
    finally:
        subprocess.run([*CLUSTER, "stop"], env=given, cwd=PROJECT, check=True)


def usage(home: Path) -> tuple[float, int]:
    """CPU seconds that the server's processes have used so far, and bytes of memory that they hold."""
    cpu, memory = 0.0, 0
    for member in running(home / "spark").values():
        with suppress(psutil.Error):
            for process in (member, *member.children(recursive=True)):
                times = process.cpu_times()
                cpu += times.user + times.system
                memory += process.memory_info().rss
    return cpu, memory


def with_server(stages: list[Stage], home: Path, cpu_before: float) -> list[Stage]:
    """The stages of a command with what the server did for it meanwhile; its memory as it is afterwards."""
    cpu, memory = usage(home)
    (stage,) = stages
    return [
        replace(
            stage,
            cpu_seconds=round(stage.cpu_seconds + cpu - cpu_before, 3),
            peak_memory_bytes=stage.peak_memory_bytes + memory,
        )
    ]
