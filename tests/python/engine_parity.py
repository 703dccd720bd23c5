"""Two engines' marts, value by value: keys, codes, counts and money exact, ratios within a tolerance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from pandas.testing import assert_frame_equal
from warehouse import Warehouse

from scripts.evaluation.release import read_release
from scripts.evaluation.summary import summarise
from scripts.reader import open_reader
from scripts.validate import validate_landing, validate_marts

RATIO_TOLERANCE = 1e-9


def sort_key(row: tuple) -> tuple:
    """An order that all engines' rows have in common."""
    return tuple(("" if value is None else str(value)) for value in row if not isinstance(value, float))


def is_same(value: object, other: object) -> bool:
    """Exact but for ratios, which may differ by one in the last decimal that is published."""
    if isinstance(value, float) and isinstance(other, float):
        return value == other or round(abs(value - other) / max(1.0, abs(other)), 10) <= RATIO_TOLERANCE
    return value == other


def difference(table: str, rows: Iterable[tuple], others: Iterable[tuple]) -> list[str]:
    """What differs between two tables, rows in any order: nothing, or one sentence."""
    ours, theirs = sorted(rows, key=sort_key), sorted(others, key=sort_key)
    if len(ours) != len(theirs):
        return [f"{table}: {len(ours)} and {len(theirs)} rows"]
    wrong = [
        (row, other)
        for row, other in zip(ours, theirs, strict=True)
        if not all(is_same(value, another) for value, another in zip(row, other, strict=True))
    ]
    return [f"{table}: {len(wrong)} of {len(ours)} rows differ, such as {wrong[0]}"] if wrong else []


def assert_same_readings(duckdb_home: Warehouse, engine: str) -> None:
    """What the evaluation's snapshot is made of, its summary, and what the expectations at both doors find."""
    work_file = duckdb_home.home / "work" / "warehouse.duckdb"
    with open_reader("duckdb", work_file) as ours, open_reader(engine, work_file) as theirs:
        releases = [read_release(reader, reader.engine) for reader in (ours, theirs)]
        doors = [[validate_landing(reader), validate_marts(reader)] for reader in (ours, theirs)]
    assert releases[0].tables.keys() == releases[1].tables.keys()
    for name, table in releases[0].tables.items():
        assert len(table) or name == "alerts", name
        assert_frame_equal(table, releases[1].tables[name], rtol=RATIO_TOLERANCE, check_like=True, obj=name)
    ours, theirs = ([json.dumps(summarise(release, {}, None)) for release in releases])
    assert rounded(ours) == rounded(theirs)
    for embedded, server in zip(*doors, strict=True):
        assert len(embedded.checks) > 20
        assert not [check for check in embedded.checks + server.checks if check.expectation == "be_readable"]
        for check, other in zip(embedded.checks, server.checks, strict=True):
            assert replace(check, worst=None) == replace(other, worst=None)
            # null where nothing was counted
            expected = None if other.worst is None else pytest.approx(other.worst, rel=RATIO_TOLERANCE)
            assert check.worst == expected, check


def rounded(summary: str) -> object:
    """A summary with numbers as exact as engines agree on."""
    return json.loads(summary, parse_float=lambda text: float(f"{float(text):.8e}"))
