"""What is known of landed files since they passed the gate: the same bytes don't have to be read again.

Of a Parquet file that nothing in it is damaged; of a CSV file how it is cut into records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from scripts.landing import csv_file
from scripts.landing.landed import CsvShape, LandedColumn, LandedTable, hash_file
from scripts.refresh.durable import read_json, write_json
from scripts.settings import Settings


@dataclass(frozen=True)
class MeasuredCsv:
    """What one pass over a CSV file found."""

    columns: tuple[LandedColumn, ...]
    row_count: int
    shape: CsvShape


@dataclass(frozen=True)
class ReadFiles:
    """The files that have been read, by the hash of their bytes."""

    parquet: frozenset[str] = frozenset()
    csv: Mapping[str, MeasuredCsv] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.parquet or self.csv)


def files_read(settings: Settings) -> ReadFiles:
    """The files that these readers have read; none when no note of them can be read."""
    note = read_json(_note(settings))
    if not isinstance(note, dict) or note.get("readers") != _readers():
        return ReadFiles()
    csv = {
        sha256: MeasuredCsv(
            tuple(LandedColumn(name) for name in known["columns"]), known["row_count"], CsvShape(**known["shape"])
        )
        for sha256, known in note["csv"].items()
    }
    return ReadFiles(frozenset(note["parquet"]), csv)


def note_read_files(settings: Settings, tables: list[LandedTable]) -> None:
    """Notes the files of a landing that has passed the gate, and no others."""
    files = sorted((file for table in tables for file in table.files), key=lambda file: file.sha256)
    csv: dict[str, dict[str, Any]] = {
        file.sha256: {
            "columns": [column.name for column in file.columns], "row_count": file.row_count, "shape": asdict(file.csv),
        }
        for file in files
        if file.csv
    }  # fmt: skip
    parquet = [file.sha256 for file in files if file.csv is None]
    note = _note(settings)
    note.parent.mkdir(parents=True, exist_ok=True)
    write_json(note, {"readers": _readers(), "parquet": parquet, "csv": csv})


def _readers() -> dict[str, str]:
    """What reads: DuckDB, and the module that measures CSV files."""
    return {"duckdb": duckdb.__version__, "csv_file": hash_file(Path(csv_file.__file__))}


def _note(settings: Settings) -> Path:
    return settings.work_file.parent / "read_files.json"
