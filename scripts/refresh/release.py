"""Stage `publish`: a compact database of the marts alone, with a manifest, served by one atomic swap.

A release is made in a folder whose name begins with UNFINISHED, and everything in it reaches the disk. A notice
then names it, it takes its own name, `current` is swapped, and the notice goes. Whatever the moment of a crash,
`current` leads to a whole release; the next run finds what was left by name, and by the notice a release that
nobody has been served.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from scripts.refresh.durable import read_json, remove, sync, sync_tree, write_json
from scripts.refresh.extract_keys import are_extracts_written, ensure_extract_key
from scripts.refresh.manifest import (
    DEPARTMENT_MARTS,
    DEPARTMENTS,
    MANIFEST,
    MARTS,
    WAREHOUSE,
    describe,
    describe_file,
)
from scripts.refresh.marts_file import Last, Tables, copy_marts
from scripts.refresh.outcome import ExitCode, RefreshError, as_refresh_error
from scripts.refresh.run import Run, connect
from scripts.validate import DoorResult

CURRENT = "current"
UNFINISHED = ".unfinished-"
NOTICE = ".publishing.json"


def publish(run: Run, validation: DoorResult, project_hash: str, drift: dict[str, Any] | None = None) -> Path:
    """Makes the release aside and swaps the link `current`; returns the release's folder."""
    releases = run.settings.releases
    folder = releases / f"{UNFINISHED}{run.run_id}"
    try:
        folder.mkdir(parents=True)
        tables, departments = _copy_all(run, folder)
        write_json(folder / "validation.json", validation.to_json())
        write_json(folder / MANIFEST, describe(run, folder, tables, departments, project_hash, drift or {}))
        sync_tree(folder)
        write_json(releases / NOTICE, {"run_id": run.run_id})
        release = folder.rename(releases / run.run_id)
        swap_current(releases, release.name)
        (releases / NOTICE).unlink()
    except (duckdb.Error, OSError) as error:
        _give_back(folder)
        if isinstance(error, duckdb.Error):
            raise as_refresh_error(error, ExitCode.PUBLISH, "The release couldn't be written") from error
        raise RefreshError(
            ExitCode.PUBLISH,
            f"The release couldn't be written ({error.strerror}: {error.filename}).\nThe one served so far stays.",
        ) from error
    run.mart_rows = {name: table["row_count"] for name, table in tables.items()}
    return release


def _release_to_go_on_with(run: Run) -> Last | None:
    """The release served, if it is whole and holds the work file's months before rebuilt_from."""
    name = served(run.settings.releases)
    if not name or name != run.built_upon:
        return None
    file = run.settings.releases / name / WAREHOUSE
    manifest = read_json(file.with_name(MANIFEST)) or {}
    is_whole = manifest.get("files", {}).get(WAREHOUSE) == describe_file(file)
    return Last(file, manifest["tables"]) if is_whole else None


def served(releases: Path) -> str | None:
    """The release that readers see."""
    link = releases / CURRENT
    return link.readlink().name if link.is_symlink() and link.exists() else None


def swap_current(releases: Path, name: str) -> None:
    """Points `current` at a release; readers see the old one or the new one, never nothing."""
    link = releases / f"{UNFINISHED}{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(name, target_is_directory=True)
    sync(releases)
    link.replace(releases / CURRENT)
    sync(releases)


def list_releases(releases: Path) -> list[Path]:
    """Complete releases, oldest first."""
    return sorted(path for path in releases.glob("[!.]*") if not path.is_symlink() and (path / MANIFEST).exists())


def tidy_releases(releases: Path) -> None:
    """Removes what an interrupted publication left; raises an OSError when the folder can't be written."""
    with tempfile.TemporaryFile(dir=releases):
        pass
    notice = read_json(releases / NOTICE)
    name = notice.get("run_id") if isinstance(notice, dict) else None
    if name and name != served(releases) and (releases / name).exists():
        _remove_release(releases / name)
    for leaving in releases.glob(f"{UNFINISHED}*"):
        remove(leaving)
    for leaving in releases.glob(f"{NOTICE}*"):
        remove(leaving)


def prune_releases(releases: Path, keep: int, before: str | None = None) -> list[str]:
    """Removes all but the newest releases and the served one; returns what was removed.

    The one served just before stays too: a reader may be about to open it.
    """
    spared = {served(releases), before}
    removed = [path for path in list_releases(releases)[:-keep] if path.name not in spared]
    for path in removed:
        _remove_release(path)
    return [path.name for path in removed]


def _remove_release(path: Path) -> None:
    """A release is there as a whole or not at all, so it loses its name first."""
    leaving = path.with_name(f"{UNFINISHED}{path.name}")
    remove(leaving)
    path.rename(leaving)
    remove(leaving)


def _give_back(folder: Path) -> None:
    """A disk that is full stays full until the unfinished release goes."""
    with suppress(OSError):  # the next run removes it
        remove(folder)


def _copy_all(run: Run, folder: Path) -> tuple[Tables, dict[str, Tables]]:
    """The marts, and beside them the departments' extracts: many steps of either keep but one core busy."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        departments = beside.submit(_copy_departments, run, folder / DEPARTMENTS)
        tables = copy_marts(run, folder / WAREHOUSE, MARTS, half=MARTS, last=_release_to_go_on_with(run))
        return tables, departments.result()


def _copy_departments(run: Run, folder: Path) -> dict[str, Tables]:
    """An extract for each department: an encrypted file that holds its own marts and nothing else."""
    if not are_extracts_written():
        return {}
    with connect(run.settings, run.settings.work_file, read_only=True, half=DEPARTMENTS) as connection:
        schemas = connection.execute(
            "select distinct schema_name from duckdb_columns() where database_name = current_database()"
            " and starts_with(schema_name, ?) order by schema_name",
            [DEPARTMENT_MARTS],
        ).fetchall()
    folder.mkdir()
    departments = [(schema.removeprefix(DEPARTMENT_MARTS), schema) for (schema,) in schemas]
    return {
        name: copy_marts(run, folder / f"{name}.duckdb", schema, DEPARTMENTS, ensure_extract_key(run.settings, name))
        for name, schema in departments
    }
