"""Fuzzed banks through the whole refresh, tests included: published or refused with words, and no row is lost."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from refresh_bank import Bank

from scripts.landing.contract import contract_tables
from scripts.refresh.outcome import ExitCode

from .landings import csv_bytes, parquet_bytes
from .values import values

CUSTOMERS = (3, 3, 5)  # few: the guard of rejected shares, from 20 rows on, then lets some be published
MOST_EDITS = 8
REFUSALS = ("No transaction of the landing is accepted", "lies before the first month", "critical expectations")
COUNTS = """
    select source_name || '.' || table_name, landed_count, accepted_count + duplicate_count + rejected_count
    from marts.data_reconciliation
"""


@dataclass(frozen=True)
class FuzzedBank:
    """The files of a landing, and how many rows each table has in them."""

    files: dict[str, bytes]
    row_counts: dict[str, int]


@st.composite
def fuzzed_bank(draw: st.DrawFn) -> FuzzedBank:
    """A random small bank, some values, rows and files of which are fuzzed again."""
    bank = NastyBank(draw(st.integers(0, 2**32)), draw(st.sampled_from(CUSTOMERS)))
    builder = bank.build()
    for customer in bank.customers:
        builder.consent(customer, bank.stamp(bank.day())).interaction(customer, bank.stamp(bank.day()))
    files: dict[str, bytes] = {}
    row_counts: dict[str, int] = {}
    for table in contract_tables():
        name = f"{table.source}.{table.name}"
        rows = builder.rows[name]
        for _ in range(draw(st.integers(0, MOST_EDITS)) if rows else 0):
            row = draw(st.sampled_from(rows))
            column = draw(st.sampled_from(table.columns))
            row[column.name] = draw(values(column.data_type))
            if draw(st.sampled_from([False, False, True])):
                rows.append({**row, column.name: draw(values(column.data_type))})
        if rows or not table.is_optional:
            files |= draw(_files(builder, name))
            row_counts[name] = len(rows) + (len(builder.raw_lines[name]) if f"{_place(name)}.csv" in files else 0)
    return FuzzedBank(files, row_counts)


@st.composite
def _files(draw: st.DrawFn, builder: LandingBuilder, name: str) -> dict[str, bytes]:
    """A table as one CSV file with its raw lines, as parts, or as Parquet."""
    columns = builder.columns(name)
    rows = [[row.get(column) or "" for column in columns] for row in builder.rows[name]]
    form = draw(st.sampled_from(["csv", "csv", "parts", "parquet"]))
    if form == "parquet":
        return {f"{_place(name)}.parquet": parquet_bytes(columns, rows)}
    delimiter, line_end = draw(st.sampled_from([(",", "\n"), (",", "\r\n"), (";", "\n"), (";", "\r")]))
    if form == "parts":
        middle = draw(st.integers(0, len(rows)))
        return {
            f"{_place(name)}/{part}.csv": csv_bytes([columns, *some], delimiter, line_end)
            for part, some in (("a", rows[:middle]), ("b", rows[middle:]))
        }
    raw = [line.split(",") for line in builder.raw_lines[name]]
    return {f"{_place(name)}.csv": csv_bytes([columns, *rows, *raw], delimiter, line_end)}


def fuzz_builds(builds: int, start: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Refreshes so many banks; how they fared, and the faults. The landings of faults stay in the folder."""
    outcomes: Counter[str] = Counter()
    faults: list[str] = []

    @seed(start)
    @settings(
        max_examples=builds,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(fuzzed_bank())
    def every_bank_is_published_or_refused(bank: FuzzedBank) -> None:
        number = sum(outcomes.values()) + 1
        landing = folder / f"landing-{number}"
        for name, content in bank.files.items():
            path = landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        begun = time.perf_counter()
        outcome, fault = _refresh(bank, landing, folder / "home")
        outcomes[outcome] += 1
        if fault:
            faults.append(f"{landing}: {fault}")
        print(f"build {number}: {outcome}, {time.perf_counter() - begun:.0f} s {fault}", flush=True)

    every_bank_is_published_or_refused()
    return outcomes, faults


def _refresh(bank: FuzzedBank, landing: Path, home: Path) -> tuple[str, str]:
    """How the refresh ended, and what is wrong with that; an exception is a fault, too."""
    place = Bank(landing, home)
    done = place.refresh("--full-refresh", "--accept-drift", "another bank")
    code = ExitCode(done.code)
    if code == ExitCode.LANDING and any(refusal in done.err for refusal in REFUSALS):
        return "refused: " + next(refusal for refusal in REFUSALS if refusal in done.err), ""
    if code not in (ExitCode.PUBLISHED, ExitCode.AUDIT) or "report it" in done.err:
        return code.name.lower(), done.err
    with duckdb.connect(str(place.settings.work_file), read_only=True) as connection:
        counts = {name: (landed, judged) for name, landed, judged in connection.execute(COUNTS).fetchall()}
    lost = [
        f"{name}: {rows} rows written, {counts[name][0]} landed, {counts[name][1]} judged"
        for name, rows in bank.row_counts.items()
        if counts[name] != (rows, rows)
    ]
    return code.name.lower(), "; ".join(lost)


def _place(name: str) -> str:
    return name.replace(".", "/")
