"""Parquet files that have been read whole aren't read again; any other byte, or another reader, and they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from landing_faults import damaged
from landing_files import land_required, parquet_columns, write_parquet

from scripts.landing.gate import inspect_landing
from scripts.landing.landed import LandedTable, LandingError, hash_file
from scripts.landing.read_files import hashes_of_read_files, note_read_files
from scripts.settings import Settings

HOLDERS = "core/account_holders.parquet"


def holders(tables: list[LandedTable]) -> LandedTable:
    return next(table for table in tables if table.contract.name == "account_holders")


def land_holders(landing: Path) -> Path:
    land_required(landing)
    (landing / "core/account_holders.csv").unlink()
    return write_parquet(landing, HOLDERS, parquet_columns("account_holders", role=["owner"] * 5))


def test_the_same_bytes_are_read_once(tmp_path: Path) -> None:
    """Shown by a page that can't be read: nobody looks at it again once its hash is known."""
    land_required(tmp_path)
    damaged(4, 40)(tmp_path)
    with pytest.raises(LandingError, match="damaged"):
        inspect_landing(tmp_path)
    with pytest.raises(LandingError, match="damaged"):
        inspect_landing(tmp_path, frozenset({"the hash of another file"}))

    tables = inspect_landing(tmp_path, frozenset({hash_file(tmp_path / HOLDERS)}))

    assert holders(tables).row_count == 1000


def test_a_file_tells_the_same_unread(tmp_path: Path) -> None:
    """Columns, types, rows and hash."""
    land_holders(tmp_path)
    read = holders(inspect_landing(tmp_path))
    (file,) = read.files

    (known,) = holders(inspect_landing(tmp_path, frozenset({file.sha256}))).files

    assert (known.columns, known.row_count, known.sha256) == (file.columns, file.row_count, file.sha256)


def test_a_note_is_of_this_landing_and_this_reader(tmp_path: Path) -> None:
    """CSV files are always read; without a note, with a torn one or one of another DuckDB all files are."""
    landing = tmp_path / "landing"
    path = land_holders(landing)
    settings = Settings(landing=landing, home=tmp_path / "home")
    assert hashes_of_read_files(settings) == frozenset()

    note_read_files(settings, inspect_landing(landing))

    assert hashes_of_read_files(settings) == {hash_file(path)}
    (note,) = settings.work_file.parent.iterdir()
    content = json.loads(note.read_text())
    note.write_text(json.dumps(content | {"duckdb": "another"}))
    assert hashes_of_read_files(settings) == frozenset()
    note.write_text(json.dumps(content)[:-9])
    assert hashes_of_read_files(settings) == frozenset()
