"""Files that have been read whole aren't read again; any other byte, or another reader, and they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from landing_faults import damaged
from landing_files import land_required, parquet_columns, write_parquet

from scripts.landing import csv_file, gate
from scripts.landing.gate import inspect_landing
from scripts.landing.landed import LandedTable, LandingError, hash_file
from scripts.landing.read_files import ReadFiles, files_read, note_read_files
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
        inspect_landing(tmp_path, ReadFiles(frozenset({"the hash of another file"})))

    tables = inspect_landing(tmp_path, ReadFiles(frozenset({hash_file(tmp_path / HOLDERS)})))

    assert holders(tables).row_count == 1000


def test_a_file_tells_the_same_unread(tmp_path: Path) -> None:
    """Columns, types, rows and hash."""
    land_holders(tmp_path)
    read = holders(inspect_landing(tmp_path))
    (file,) = read.files

    (known,) = holders(inspect_landing(tmp_path, ReadFiles(frozenset({file.sha256})))).files

    assert (known.columns, known.row_count, known.sha256) == (file.columns, file.row_count, file.sha256)


def test_a_note_is_of_this_landing_and_these_readers(tmp_path: Path) -> None:
    """Without a note, with a torn one or one of another DuckDB or another measure of CSV files all files are read."""
    landing = tmp_path / "landing"
    path = land_holders(landing)
    settings = Settings(landing=landing, home=tmp_path / "home")
    assert files_read(settings) == ReadFiles()

    tables = inspect_landing(landing)
    note_read_files(settings, tables)

    read = files_read(settings)
    assert read.parquet == {hash_file(path)}
    assert read.csv.keys() == {file.sha256 for table in tables for file in table.files if file.csv}
    (note,) = settings.work_file.parent.iterdir()
    content = json.loads(note.read_text())
    for reader in content["readers"]:
        note.write_text(json.dumps(content | {"readers": content["readers"] | {reader: "another"}}))
        assert files_read(settings) == ReadFiles()
    note.write_text(json.dumps(content)[:-9])
    assert files_read(settings) == ReadFiles()


def test_a_known_csv_file_is_measured_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what it was; a file with one more row is measured again."""
    landing = tmp_path / "landing"
    land_required(landing)
    settings = Settings(landing=landing, home=tmp_path / "home")
    tables = inspect_landing(landing)
    note_read_files(settings, tables)
    measured = []

    def measure(path: Path, known_names: set[str]) -> tuple:
        measured.append(path.name)
        return csv_file.inspect_csv(path, known_names)

    monkeypatch.setattr(gate, "inspect_csv", measure)
    again = inspect_landing(landing, files_read(settings))

    assert measured == []
    shapes = [(file.name, file.columns, file.row_count, file.csv) for table in tables for file in table.files]
    assert [(file.name, file.columns, file.row_count, file.csv) for table in again for file in table.files] == shapes
    file = landing / "core/account_holders.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.splitlines(keepends=True)[-1], encoding="utf-8")
    inspect_landing(landing, files_read(settings))
    assert measured == ["account_holders.csv"]
