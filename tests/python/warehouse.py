"""Building the warehouse for a test: a landing in, a DuckDB connection on its marts out."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
DBT = str(Path(sys.executable).with_name("dbt"))
KEY = "a key for tests"
# DuckDB 2.0.0 stops customer_tag_events of a new month with "dict-surviving cache: global dictionary column 1 changed
# identity", with any number of threads, unless CTEs stay whole (of the kind of duckdb/duckdb#24807).
WAY_AROUND = {"DEPOSITS_DISABLED_OPTIMIZERS": "cte_inlining"} if duckdb.__version__ == "2.0.0" else {}


@functools.cache
def parsed_project() -> Path:
    """The project as dbt parsed it for DuckDB, once a test process: what homes differ in isn't parsed."""
    folder = Path(tempfile.mkdtemp(prefix="parsed-"))
    home = Warehouse(home=folder, landing=folder / "landing")
    home.run(DBT, "--quiet", "parse", "--no-partial-parse")
    return folder / "target" / "partial_parse.msgpack"


@dataclass(frozen=True)
class Warehouse:
    """One home with its landing; builds run in processes of their own, as a user starts them."""

    home: Path
    landing: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a shell would have exported."""
        return {
            **os.environ,
            **WAY_AROUND,
            "DEPOSITS_HOME": str(self.home),
            "DEPOSITS_LANDING": str(self.landing),
            "DEPOSITS_KEY": KEY,
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "PYTHONPATH": str(PROJECT),
        }

    def run(self, *command: str) -> str:
        """Runs a command in the project; its output, or an assertion with the end of it."""
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def land(self) -> None:
        """Shows the landing to dbt."""
        for folder in ("work", "quarantine"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        self.run(PYTHON, "-m", "scripts.landing.load_duckdb")

    @property
    def dbt_command(self) -> tuple[str, ...]:
        """dbt without a parse of its own."""
        return PYTHON, str(Path(__file__).parent / "dbt_process.py"), str(parsed_project()), "--quiet"

    def dbt(self, *arguments: str) -> None:
        """Runs a dbt command."""
        self.run(*self.dbt_command, *arguments)

    def build(self, *arguments: str) -> None:
        """Lands and builds all models; their tests have tests of their own."""
        self.land()
        self.dbt("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", *arguments)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection to the work file."""
        return duckdb.connect(str(self.home / "work" / "warehouse.duckdb"), read_only=True)

    def hashes(self, schema: str = "marts") -> dict[str, tuple[int, int]]:
        """Row count and order-free content hash of every table of a schema."""
        with self.connect() as connection:
            tables = connection.execute(
                "select table_name from information_schema.tables where table_schema = ? order by 1", [schema]
            ).fetchall()
            return {
                table: connection.execute(
                    f"select count(*), sum(cast(hash(rows) as hugeint)) from {schema}.{table} as rows"
                ).fetchone()
                for (table,) in tables
            }


@dataclass(frozen=True)
class SyntheticBank(Warehouse):
    """A generated bank, built; beside its home lies what was planted in it."""

    @property
    def truth(self) -> Path:
        """What was planted for each customer record."""
        return self.home.parent / "truth" / "customers.parquet"

    def rows(self, query: str) -> list[tuple]:
        """The rows of a query on the work file."""
        with self.connect() as connection:
            return connection.execute(query).fetchall()

    def copy(self, folder: Path) -> Warehouse:
        """The same bank with files of its own, for dbt, which writes even when it tests."""
        for name in ("work", "quarantine", "keys"):
            shutil.copytree(self.home / name, folder / "home" / name)
        return Warehouse(home=folder / "home", landing=self.landing)
