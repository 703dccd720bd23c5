"""One fuzzed table through the landing's door: refused with words, or every row and text of it arrives."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, Phase, given, seed, settings

from scripts.landing.contract import Table, contract_tables
from scripts.landing.gate import inspect_landing
from scripts.landing.landed import LandingError
from scripts.landing.load_duckdb import create_landing_views

from .landings import UNKNOWN, FuzzedFile, landed_table


def fuzz_door(examples: int, start: int, folder: Path | None = None) -> Counter[str]:
    """Sends so many tables through the door; how they fared. The first that fares badly is raised, made small."""
    outcomes: Counter[str] = Counter()

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(landed_table())
    def every_table_is_refused_or_arrives(landed: tuple[Table, list[FuzzedFile]]) -> None:
        outcomes[_land(*landed, folder)] += 1

    every_table_is_refused_or_arrives()
    return outcomes


def _land(table: Table, files: list[FuzzedFile], folder: Path | None) -> str:
    with tempfile.TemporaryDirectory(dir=folder) as landing:
        for other in contract_tables():
            if not (other.is_optional or other is table):
                _write(Path(landing), f"{other.source}/{other.name}.csv", _header(other))
        for file in files:
            _write(Path(landing), file.name, file.content)
        return _judge(Path(landing), table, files)


def _judge(landing: Path, table: Table, files: list[FuzzedFile]) -> str:
    is_whole = all(file.rows is not None for file in files)
    try:
        landed = inspect_landing(landing)
        with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
            create_landing_views(connection, landed)
            columns = ", ".join(f"cast({column.name} as varchar)" for column in table.columns)
            arrived = connection.execute(
                f"select {columns}, landed_file, landed_text is not null from {table.schema}.{table.name}"
                " order by landed_file, landed_row"
            ).fetchall()
    except LandingError as error:
        assert not is_whole, f"a sound file is refused: {error}"
        assert "report it" not in str(error), f"the gate and DuckDB count differently: {error}"
        return "refused"
    (gate,) = (found for found in landed if found.contract.name == table.name)
    assert len(arrived) == gate.row_count, f"{gate.row_count} rows landed, {len(arrived)} arrived"
    if not is_whole:
        return "damaged, yet readable"
    wanted = [(*row, file.name, True) for file in sorted(files, key=_name) for row in file.rows or []]
    assert len(arrived) == len(wanted), f"{len(wanted)} rows written, {len(arrived)} arrived"
    for row, (found, meant) in enumerate(zip(arrived, wanted, strict=True)):
        differing = [pair for pair in zip(found, meant, strict=True) if UNKNOWN not in pair and pair[0] != pair[1]]
        assert not differing, f"row {row}: {differing}"
    return "arrived whole"


_name: Callable[[FuzzedFile], str] = lambda file: file.name  # noqa: E731


def _header(table: Table) -> bytes:
    return (",".join(column.name for column in table.columns) + "\n").encode()


def _write(landing: Path, name: str, content: bytes) -> None:
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
