"""Which landed Parquet files have been read whole: nothing has to be read again to find no damage in the same bytes."""

from __future__ import annotations

from pathlib import Path

import duckdb

from scripts.landing.landed import LandedTable
from scripts.refresh.durable import read_json, write_json
from scripts.settings import Settings


def hashes_of_read_files(settings: Settings) -> frozenset[str]:
    """Hashes of the files that this version of DuckDB has read whole; none when no note of them can be read."""
    note = read_json(_note(settings))
    is_ours = isinstance(note, dict) and note.get("duckdb") == duckdb.__version__
    return frozenset(note["sha256"]) if is_ours else frozenset()


def note_read_files(settings: Settings, tables: list[LandedTable]) -> None:
    """Notes the files of a landing that has passed the gate, and no others."""
    hashes = {file.sha256 for table in tables for file in table.files if file.csv is None}
    note = _note(settings)
    note.parent.mkdir(parents=True, exist_ok=True)
    write_json(note, {"duckdb": duckdb.__version__, "sha256": sorted(hashes)})


def _note(settings: Settings) -> Path:
    return settings.work_file.parent / "read_files.json"
