"""Moves every threshold by one step and counts how many moves change a pinned result.

    python -m tests.mutation [--pin]

Builds an empty warehouse of its own, so that the tables have their types, and runs the compiled models on golden rows
inside it, all mutants in one process. --pin writes the golden rows of tags, packs and value tiers anew, after rules
have changed on purpose. Exit code 1 when fewer than 95 of 100 moves are noticed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from scripts.settings import PROJECT

from . import golden
from .golden import Case, Row
from .mutants import Mutant, mutants

WANTED_SHARE = 0.95
MODELS = [
    "int_activity_signals",
    "int_activity_states",
    "customer_activity_states",
    "int_need_scores",
    "customer_needs",
    "customer_deposit_stability",
    "customer_tag_events",
    "vetoed_months",
    "int_value_tier_thresholds",
    "int_value_tier_boundaries",
    "int_value_tier_clocks",
    "customer_value_tiers",
]
# What a model gives that no rule moves, or that says which version it was.
LEFT_OUT = ("rule_version", "min_value", "below_value", "enter_at", "stay_at", "hold_months")


def built(folder: Path) -> tuple[Path, dict[str, str]]:
    """An empty warehouse in a folder: the file, and the compiled SQL of the models."""
    environment = {
        **os.environ,
        "DEPOSITS_HOME": str(folder / "home"),
        "DEPOSITS_LANDING": str(folder / "landing"),
        "DEPOSITS_KEY": "a key for mutants",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    for name in ("work", "quarantine", "keys"):
        (folder / "home" / name).mkdir(parents=True)

    def run(*command: str) -> None:
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout[-4000:]}{done.stderr[-2000:]}")

    python, dbt = sys.executable, str(Path(sys.executable).with_name("dbt"))
    run(
        python, "-m", "scripts.landing.synthetic", "--customers", "200", "--months", "3",
        "--landing", str(folder / "landing"), "--truth", str(folder / "truth"),
    )  # fmt: skip
    run(python, "-m", "scripts.landing.load_duckdb")
    run(dbt, "--quiet", "seed", "--full-refresh")
    run(dbt, "--quiet", "run", "--empty", "--full-refresh", "--select", *[f"+{name}" for name in MODELS])
    run(dbt, "--quiet", "compile", "--full-refresh", "--select", *MODELS)
    compiled = folder / "target" / "compiled" / "deposit_customers" / "models"
    sql = {path.stem: path.read_text(encoding="utf-8") for path in compiled.rglob("*.sql") if path.stem in MODELS}
    return folder / "home" / "work" / "warehouse.duckdb", sql


class Bench:
    """The golden rows of one case in the tables, to be looked at again and again."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: dict[str, str]) -> None:
        self.connection = connection
        self.sql = sql
        found = connection.execute(
            "select table_name, schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        self.tables = dict(found)

    def lay(self, case: Case) -> None:
        """Empties the inputs and fills them with the case's rows."""
        for name, given in case.given.items():
            self.connection.execute(f"delete from {self.tables[name]}")
            for row in given:
                columns, marks = ", ".join(row), ", ".join("?" * len(row))
                self.connection.execute(
                    f"insert into {self.tables[name]} ({columns}) values ({marks})", list(row.values())
                )

    def results(self, case: Case) -> list[Row]:
        """The rows of the case's last model, the others made before it."""
        *before, last = case.models
        for name in before:
            self.connection.execute(f"delete from {self.tables[name]}")
            self.connection.execute(f"insert into {self.tables[name]} by name {self.statement(name, case)}")
        cursor = self.connection.execute(self.statement(last, case))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def statement(self, name: str, case: Case) -> str:
        """The compiled model, with the dormancy pack of the case."""
        return self.sql[name].replace("pack_code = 'default'", f"pack_code = '{case.pack}'")

    def change(self, mutant: Mutant, value: str) -> None:
        """Another value in a cell of a seed."""
        where = " and ".join(f"{column} = ?" for column, _ in mutant.key)
        self.connection.execute(
            f"update seeds.{mutant.seed} set {mutant.column} = ? where {where}",
            [value, *(value for _, value in mutant.key)],
        )


def comparable(found: list[Row], columns: list[str]) -> list[str]:
    """Rows as texts in an order of their own."""
    return sorted("|".join(shown(row[column]) for column in columns) for row in found)


def shown(value: object) -> str:
    """A value as it is compared: a pinned number is no other type than a fresh one."""
    if value is None or isinstance(value, bool):
        return str(value)
    try:
        return repr(round(float(str(value)), 9))
    except ValueError:
        return str(value)


def seeds_read(bench: Bench, case: Case) -> set[str]:
    """The seeds that the case's models read."""
    text = " ".join(bench.sql[name] for name in case.models)
    return {name for name, table in bench.tables.items() if table.startswith("seeds.") and f'"{name}"' in text}


def hunt(bench: Bench, cases: list[Case], candidates: list[Mutant]) -> set[Mutant]:
    """The mutants that at least one case notices."""
    noticed: set[Mutant] = set()
    for case in cases:
        columns = list(case.expected[0])
        expected = comparable(case.expected, columns)
        read = seeds_read(bench, case)
        bench.connection.begin()
        bench.lay(case)
        if comparable(bench.results(case), columns) != expected:
            raise SystemExit(
                f"{case.name}: not even without a mutant the pinned result. After a change on purpose: --pin"
            )
        for mutant in candidates:
            if mutant in noticed or mutant.seed not in read:
                continue
            bench.change(mutant, mutant.new)
            if comparable(bench.results(case), columns) != expected:
                noticed.add(mutant)
            bench.change(mutant, mutant.old)
        bench.connection.rollback()
    return noticed


def pin(bench: Bench) -> None:
    """Writes the golden rows of the rules as they are."""
    cases = golden.proposed()
    for case in cases:
        bench.connection.begin()
        bench.lay(case)
        found = bench.results(case)
        columns = [column for column in found[0] if column not in LEFT_OUT]
        case.expected = [{column: plain(row[column]) for column in columns} for row in found]
        bench.connection.rollback()
    golden.pin(cases)


def plain(value: object) -> object:
    """A value that JSON can hold."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def main() -> None:
    """Prints what survived."""
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--pin", action="store_true", help="write the golden rows anew")
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file, sql = built(Path(folder))
        with duckdb.connect(str(file)) as connection:
            bench = Bench(connection, sql)
            if options.pin:
                pin(bench)
            candidates = list(mutants())
            noticed = hunt(bench, [*golden.from_unit_tests(), *golden.pinned()], candidates)
    survivors = [mutant.name for mutant in candidates if mutant not in noticed]
    share = len(noticed) / len(candidates)
    print("\n".join(["Moves that nobody notices:", *survivors] if survivors else ["Every move is noticed."]))
    print(f"{len(noticed)} of {len(candidates)} noticed ({share:.1%}) in {time.monotonic() - started:.0f} s")
    raise SystemExit(share < WANTED_SHARE)


if __name__ == "__main__":
    main()
