"""Every generic test of the project passes on good rows and fails on bad ones.

All cases are the models of one throw-away dbt project, built once: a copy of tests/generic, and a table per case.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
GENERIC_TESTS = PROJECT / "tests" / "generic"

MONTHS = ("2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29")
LIST = [("tier", "mid"), ("tier", "high"), ("need", "wealth")]
LIST_COLUMNS = ("dimension", "code")


@dataclass(frozen=True)
class Case:
    """A table, the test that looks at it, and how many failures it must find."""

    name: str
    test: str
    columns: tuple[str, ...]
    rows: list[tuple]
    arguments: dict
    failures: int


def unique_combination(name: str, rows: list[tuple], failures: int, **arguments: object) -> Case:
    """Rows of (as_of_date, code)."""
    values = {"columns": ["as_of_date", "code"], **arguments}
    return Case(name, "unique_combination", ("as_of_date", "code"), rows, values, failures)


def holds(name: str, rows: list[tuple], failures: int, *conditions: str, never_null: tuple[str, ...] = ()) -> Case:
    """Rows of (a, b)."""
    values = {"conditions": list(conditions), "never_null": list(never_null)}
    return Case(name, "holds", ("a", "b"), rows, values, failures)


def is_listed(name: str, rows: list[tuple], failures: int, **arguments: object) -> Case:
    """Rows of (code), which the model codes lists."""
    values = {"column_name": "code", "to": "ref('codes')", "field": "code", **arguments}
    return Case(name, "is_listed", ("code",), rows, values, failures)


def no_gaps_in_months(name: str, days: tuple[str | None, ...], failures: int) -> Case:
    """Rows of (as_of_date)."""
    rows = [(day,) for day in days]
    return Case(name, "no_gaps_in_months", ("as_of_date",), rows, {"column_name": "as_of_date"}, failures)


def universe_complete(name: str, rows: list[tuple], failures: int) -> Case:
    """Rows of (day, tier): two days × the tiers of the model codes."""
    axes = [
        {"relation": "ref('days')", "columns": {"day": "day"}},
        {
            "relation": "ref('codes')",
            "columns": {"tier": "upper(code)"},
            "condition": "dimension = 'tier'",
        },
    ]
    return Case(name, "universe_complete", ("day", "tier"), rows, {"axes": axes}, failures)


def exactly_one(name: str, rows: list[tuple], failures: int) -> Case:
    """Rows of (member, is_oldest)."""
    values = {"columns": ["member"], "condition": "is_oldest"}
    return Case(name, "exactly_one", ("member", "is_oldest"), rows, values, failures)


def tiles_the_line(name: str, rows: list[tuple], failures: int, **arguments: object) -> Case:
    """Rows of (line, lower, upper)."""
    values = {"lower": "lower_bound", "upper": "upper_bound", **arguments}
    return Case(name, "tiles_the_line", ("line", "lower_bound", "upper_bound"), rows, values, failures)


INFINITY = float("inf")
JANUARY, FEBRUARY = "2024-01-31", "2024-02-29"
CASES = [
    unique_combination("distinct_rows", [(JANUARY, "a"), (JANUARY, "b"), (FEBRUARY, "a")], 0),
    unique_combination("repeated_row", [(JANUARY, "a"), (JANUARY, "a"), (FEBRUARY, "a")], 1),
    unique_combination("null_in_the_key", [(JANUARY, None), (FEBRUARY, "a")], 1),
    unique_combination("distinct_expression", [(JANUARY, "a"), (JANUARY, "b")], 0, columns=["lower(code)"]),
    unique_combination("repeated_expression", [(JANUARY, "a"), (FEBRUARY, "A")], 1, columns=["lower(code)"]),
    unique_combination(
        "repeated_in_an_older_month",
        [(JANUARY, "a"), (JANUARY, "a"), (FEBRUARY, "a")],
        0,
        only_newest_month=True,
    ),
    unique_combination(
        "repeated_in_the_newest_month",
        [(JANUARY, "a"), (FEBRUARY, "a"), (FEBRUARY, "a")],
        1,
        only_newest_month=True,
    ),
    holds("conditions_hold", [(1, 2), (2, None)], 0, "a > 0", "b is null or b > a"),
    holds("conditions_broken", [(0, 1), (-1, 0), (1, 1), (1, 2)], 3, "a > 0", "b > a"),
    holds("condition_unknown", [(1, None), (1, 2)], 1, "b > a"),
    holds("columns_never_null", [(1, 2), (2, 3)], 0, never_null=("a", "b")),
    holds("column_null", [(1, None), (None, 2), (1, 2)], 2, "a > 0", never_null=("a", "b")),
    holds("condition_with_quotes", [(1, 2)], 1, "cast(a as varchar) = 'it''s'"),
    is_listed("values_listed", [("mid",), ("wealth",), (None,)], 0),
    is_listed("value_not_listed", [("mid",), ("low",), ("low",)], 1),
    is_listed("listed_where_asked", [("mid",), (None,)], 0, condition="listed.dimension = 'tier'"),
    is_listed("listed_elsewhere", [("mid",), ("wealth",)], 1, condition="listed.dimension = 'tier'"),
    no_gaps_in_months("months_in_a_row", (*MONTHS, *MONTHS), 0),
    no_gaps_in_months("month_left_out", (MONTHS[0], MONTHS[1], MONTHS[3]), 1),
    no_gaps_in_months("not_a_month_end", (MONTHS[2], "2024-02-28"), 1),
    no_gaps_in_months("two_days_of_a_month", (*MONTHS, "2024-02-15"), 2),
    no_gaps_in_months("month_unknown", (*MONTHS, None), 1),
    universe_complete("complete", [(1, "MID"), (1, "HIGH"), (2, "MID"), (2, "HIGH"), (2, "HIGH")], 0),
    universe_complete("combination_missing", [(1, "MID"), (1, "HIGH"), (2, "MID")], 1),
    universe_complete(
        "surplus", [(1, "MID"), (1, "HIGH"), (2, "MID"), (2, "HIGH"), (2, "WEALTH"), (3, "MID")], 2
    ),
    universe_complete("unknown_value", [(1, "MID"), (1, "HIGH"), (2, "MID"), (2, None)], 2),
    exactly_one("one_each", [(1, True), (1, False), (2, True)], 0),
    exactly_one("none", [(1, False), (1, None), (2, True)], 1),
    tiles_the_line("tiled", [("a", 18.5, INFINITY), ("a", -INFINITY, 0.0), ("a", 0.0, 18.5)], 0),
    tiles_the_line("one_band_for_all", [("a", -INFINITY, INFINITY)], 0),
    tiles_the_line("gap", [("a", -INFINITY, 0.0), ("a", 0.5, INFINITY)], 1),
    tiles_the_line("overlap", [("a", -INFINITY, 1.0), ("a", 0.5, INFINITY)], 1),
    tiles_the_line("no_beginning", [("a", 0.0, 1.0), ("a", 1.0, INFINITY)], 1),
    tiles_the_line("no_end", [("a", -INFINITY, 0.0), ("a", 0.0, 1.0)], 1),
    tiles_the_line("empty_band", [("a", -INFINITY, 0.0), ("a", 0.0, 0.0), ("a", 0.0, INFINITY)], 1),
    tiles_the_line("repeated_band", [("a", -INFINITY, INFINITY), ("a", -INFINITY, INFINITY)], 1),
    tiles_the_line("unknown_lower_bound", [("a", -INFINITY, 0.0), ("a", None, INFINITY)], 2),
    tiles_the_line("unknown_upper_bound", [("a", -INFINITY, 0.0), ("a", 0.0, None)], 1),
    tiles_the_line(
        "two_lines",
        [("a", -INFINITY, 0.0), ("a", 0.0, INFINITY), ("b", -INFINITY, 9.0), ("b", 9.0, INFINITY)],
        0,
        per=["line"],
    ),
    tiles_the_line(
        "one_of_two_lines_broken",
        [("a", -INFINITY, 0.0), ("a", 0.0, INFINITY), ("b", -INFINITY, 0.0), ("b", 9.0, INFINITY)],
        1,
        per=["line"],
    ),
    tiles_the_line("two_lines_as_one", [("a", -INFINITY, INFINITY), ("b", -INFINITY, INFINITY)], 1),
    exactly_one("two", [(1, True), (1, True), (2, True)], 1),
]


def literal(value: object) -> str:
    """A value in SQL; texts that look like dates are dates."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, float):
        return f"cast('{value}' as double)"
    text = str(value)
    return f"date '{text}'" if text[:2] == "20" else f"'{text}'"


def select(columns: tuple[str, ...], rows: list[tuple]) -> str:
    """A query of literal rows."""
    values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
    return f"select * from (values {values}) as listed ({', '.join(columns)})\n"


def write_project(folder: Path) -> None:
    """A dbt project of all cases."""
    shutil.copytree(GENERIC_TESTS, folder / "tests" / "generic")
    for name in ("engine", "months"):
        shutil.copytree(PROJECT / "macros" / name, folder / "macros" / name)
    models = folder / "models"
    models.mkdir()
    (models / "codes.sql").write_text(select(LIST_COLUMNS, LIST))
    (models / "days.sql").write_text(select(("day",), [(1,), (2,)]))
    for case in CASES:
        (models / f"{case.name}.sql").write_text(select(case.columns, case.rows))
    tested = [
        {
            "name": case.name,
            "data_tests": [{case.test: {"name": f"test_of_{case.name}", "arguments": case.arguments}}],
        }
        for case in CASES
    ]
    files = {
        "models/models.yml": {"version": 2, "models": tested},
        "dbt_project.yml": {
            "name": "bite",
            "version": "1.0.0",
            "profile": "bite",
            "flags": {"send_anonymous_usage_stats": False},
            "models": {"+materialized": "table"},
        },
        "profiles.yml": {
            "bite": {"target": "duckdb", "outputs": {"duckdb": {"type": "duckdb", "path": "bite.duckdb"}}}
        },
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many failures dbt found in each case."""
    folder = tmp_path_factory.mktemp("bite")
    write_project(folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", "build", "--profiles-dir", "."],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    errors = [result["message"] for result in results if result["status"] in ("error", "skipped")]
    assert not errors, f"{errors}\n{done.stdout}\n{done.stderr}"
    return {
        result["unique_id"].split(".")[2].removeprefix("test_of_"): result["failures"]
        for result in results
        if result["unique_id"].startswith("test.")
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.test}-{case.name}")
def test_a_generic_test_finds_what_is_wrong_and_nothing_else(case: Case, failures: dict[str, int]):
    assert failures[case.name] == case.failures


def test_every_generic_test_is_documented_and_seen_failing():
    names = {file.stem for file in GENERIC_TESTS.glob("*.sql")}
    documented = yaml.safe_load((GENERIC_TESTS / "_generic_tests.yml").read_text())["macros"]
    assert {macro["name"].removeprefix("test_") for macro in documented if macro["description"]} == names
    assert {case.test for case in CASES if case.failures} == names
    assert {case.test for case in CASES if not case.failures} == names


def test_every_generic_test_is_used():
    used = " ".join(file.read_text() for root in ("models", "seeds") for file in (PROJECT / root).rglob("*.yml"))
    assert [file.stem for file in GENERIC_TESTS.glob("*.sql") if f"{file.stem}" not in used] == []
