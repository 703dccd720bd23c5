"""Where a home still knows a person by key: its releases, its work file and its quarantine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb

from scripts.landing.sql_text import identifier
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import CURRENT, UNFINISHED
from scripts.refresh.state import hash_key, state_file
from scripts.settings import Settings


def releases_with(settings: Settings, keys: list[str]) -> list[str]:
    """The names of the releases that know one of the keys, or of which that can't be told."""
    if not settings.releases.is_dir():
        return []
    folders = [path for path in sorted(settings.releases.iterdir()) if path.is_dir() and not path.is_symlink()]
    return [
        path.name
        for path in folders
        if path.name.startswith(UNFINISHED)
        or not _is_under_this_key(path, settings)
        or _holds(path / "warehouse.duckdb", keys)
    ]


def _is_under_this_key(release: Path, settings: Settings) -> bool:
    """Whether its customer keys can be compared at all: a release of before a key rotation knows other ones."""
    try:
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return manifest.get("key_hash") == hash_key(settings)


def _holds(file: Path, keys: list[str]) -> bool:
    if not file.exists():
        return False
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            columns = connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR'"
                " and database_name = current_database() and not internal and ends_with(column_name, '_key')"
            ).fetchall()
            return any(
                connection.execute(
                    f"select 1 from {schema}.{table} where list_contains(?, {identifier(column)}) limit 1", [keys]
                ).fetchall()
                for schema, table, column in columns
            )
    except duckdb.Error:
        return True


def remove_releases(settings: Settings, keys: list[str]) -> list[str]:
    """Removes the releases that know the person, which the current one must not; returns their names."""
    names = releases_with(settings, keys)
    if (settings.releases / CURRENT).resolve().name in names:
        raise RefreshError(ExitCode.AUDIT, "The new release knows the person: new rows have landed. Run it again.")
    for name in names:
        shutil.rmtree(settings.releases / name)
    return names


def remove_builds(settings: Settings) -> None:
    """Work file and quarantine go whole: a database keeps deleted rows in its free pages. The next build makes them."""
    for file in (settings.work_file, settings.quarantine_file):
        shutil.rmtree(file.parent / "candidate", ignore_errors=True)
        for path in (file, file.with_name(file.name + ".wal")):
            path.unlink(missing_ok=True)
    state_file(settings).unlink(missing_ok=True)
