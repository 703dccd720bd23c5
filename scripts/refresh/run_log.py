"""The run log: who did what when and how it ended, outside the marts; and the landed files that each refresh saw.

A run is noted when it starts, in a file of its own, and again when it ends; the file then goes into the database.
One that was broken off leaves its file, and the next run enters it as such.
"""

from __future__ import annotations

import getpass
import json
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from scripts.refresh.durable import read_json, write_json
from scripts.refresh.manifest import git_sha, project_settings
from scripts.refresh.outcome import ExitCode
from scripts.refresh.run import REFRESH, LandingFile, Run
from scripts.settings import Settings

BROKEN_OFF = "broken off"
# column of `runs`: its type
COLUMNS = {
    "run_id": "varchar primary key",
    "kind": "varchar",
    "os_user": "varchar",
    "started_at": "timestamp",
    "finished_at": "timestamp",  # null: nobody was there to see the end
    "result": "varchar",
    "exit_code": "integer",
    "message": "varchar",
    "as_of_date": "date",
    "rule_version": "varchar",
    "project_version": "varchar",
    "git_sha": "varchar",
    "stage_seconds": "map(varchar, double)",
    "mart_rows": "map(varchar, bigint)",
    "rebuilt_from": "varchar",
    "full_refresh_reason": "varchar",
    "compared_with": "varchar",  # the release served before
    "accepted_drift": "varchar",
}
FILES = """
create table if not exists landing_files (
    run_id varchar not null, file_name varchar not null, file_size bigint not null,
    file_sha256 varchar not null, primary key (run_id, file_name)
)
"""
MAPS = ("stage_seconds", "mart_rows")
ATTEMPTS = 5


def log_file(settings: Settings) -> Path:
    """The database of the run log."""
    return settings.home / "run_log.duckdb"


def waiting_entries(settings: Settings) -> list[dict[str, Any]]:
    """Entries that aren't in the database yet."""
    found = [read_json(file) for file in sorted(_waiting(settings).glob("*.json"))]
    return [entry for entry in found if entry]


def note_start(run: Run) -> None:
    """Enters what runs before left behind, and notes that this one has begun."""
    _enter(run.settings)
    note_progress(run)


def note_progress(run: Run) -> None:
    """What is known of a run so far, should nobody see its end."""
    _write(run, _entry(run, None, ""))


def write_run_log(run: Run, code: ExitCode, message: str) -> None:
    """Appends the run. While somebody keeps the log open, the entry waits in its file for the next run."""
    _write(run, _entry(run, code, message))
    for attempt in range(ATTEMPTS):
        if _enter(run.settings):
            return
        if attempt < ATTEMPTS - 1:
            time.sleep(0.5)
    print(f"The run log is in use; this run is noted there by the next one: {log_file(run.settings)}")


def changed_files(run: Run) -> list[str] | None:
    """Landed files that the last published run didn't have with this content; None without such a run."""
    if not log_file(run.settings).exists():
        return None
    try:
        with duckdb.connect(str(log_file(run.settings)), read_only=True) as connection:
            query = "select max(run_id) from runs where exit_code = 0 and kind = ?"
            ((last,),) = connection.execute(query, [REFRESH]).fetchall()
            known = connection.execute(
                "select file_name, file_size, file_sha256 from landing_files where run_id = ?", [last]
            ).fetchall()
    except duckdb.Error:
        return None
    if last is None:
        return None
    before = {LandingFile(*row) for row in known}
    return [file.name for file in run.landing_files if file not in before]


def _waiting(settings: Settings) -> Path:
    return settings.home / "run_log.waiting"


def _write(run: Run, entry: dict[str, Any]) -> None:
    folder = _waiting(run.settings)
    folder.mkdir(exist_ok=True)
    write_json(folder / f"{run.started_id}.json", entry)


def _enter(settings: Settings) -> bool:
    """Moves all waiting entries into the database; False when it is in use."""
    files = sorted(_waiting(settings).glob("*.json"))
    try:
        with duckdb.connect(str(log_file(settings))) as connection:
            _make_tables(connection)
            for file in files:
                entry = read_json(file)
                if entry:
                    _append(connection, entry)
                file.unlink()
    except duckdb.Error:
        return False
    with suppress(OSError):
        _waiting(settings).rmdir()
    return True


def _make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables; one of an older version gets the columns that it lacks."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute(f"create table if not exists runs ({columns})")
    connection.execute(FILES)
    known = connection.execute("select column_name, is_nullable from duckdb_columns() where table_name = 'runs'")
    nullable = dict(known.fetchall())
    for name, kind in COLUMNS.items():
        if name not in nullable:
            connection.execute(f"alter table runs add column {name} {kind}")
            if name == "kind":
                connection.execute("update runs set kind = ?", [REFRESH])
        elif not nullable[name] and name != "run_id":
            connection.execute(f"alter table runs alter column {name} drop not null")


def _entry(run: Run, code: ExitCode | None, message: str) -> dict[str, Any]:
    """A row of `runs` and its files; without a code, as it stands should nobody see the end."""
    row = {
        "run_id": run.run_id,
        "kind": run.kind,
        "os_user": _user(),
        "started_at": run.started_at.replace(tzinfo=None).isoformat(),
        "finished_at": datetime.now(UTC).replace(tzinfo=None).isoformat() if code is not None else None,
        "result": BROKEN_OFF if code is None else code.name.lower(),
        "exit_code": None if code is None else int(code),
        "message": message,
        "as_of_date": str(run.as_of_date) if run.as_of_date else None,
        "rule_version": run.rule_version,
        "project_version": project_settings()["version"],
        "git_sha": git_sha(),
        "stage_seconds": run.stage_seconds,
        "mart_rows": run.mart_rows,
        "rebuilt_from": run.rebuilt_from,
        "full_refresh_reason": run.full_refresh_reason,
        "compared_with": run.compared_with,
        "accepted_drift": run.accepted_drift,
    }
    return {"run": row, "files": [asdict(file) for file in run.landing_files]}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name
        return "unknown"


def _append(connection: duckdb.DuckDBPyConnection, entry: dict[str, Any]) -> None:
    connection.begin()
    row = {name: json.dumps(value) if name in MAPS else value for name, value in entry["run"].items()}
    values = ", ".join(f"cast(cast($value as json) as {COLUMNS[name]})" if name in MAPS else "?" for name in row)
    values = values.replace("$value", "?")
    query = f"insert or ignore into runs ({', '.join(row)}) values ({values})"
    connection.execute(query, list(row.values()))
    for file in entry["files"]:
        connection.execute(
            "insert or ignore into landing_files values (?, ?, ?, ?)",
            [entry["run"]["run_id"], file["name"], file["size"], file["sha256"]],
        )
    connection.commit()
