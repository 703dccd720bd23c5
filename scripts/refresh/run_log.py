"""The run log: one row per run and one per landed file, outside the marts."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from scripts.refresh.outcome import ExitCode
from scripts.refresh.run import LandingFile, Run

TABLES = """
create table if not exists runs (
    run_id varchar primary key, started_at timestamp not null, finished_at timestamp not null,
    as_of_date date, rule_version varchar, result varchar not null, exit_code integer not null,
    stage_seconds map(varchar, double) not null, rebuilt_from varchar, full_refresh_reason varchar
);
create table if not exists landing_files (
    run_id varchar not null, file_name varchar not null, file_size bigint not null,
    file_sha256 varchar not null, primary key (run_id, file_name)
);
"""
ATTEMPTS = 5


def log_file(run: Run) -> Path:
    """The database of the run log."""
    return run.settings.home / "run_log.duckdb"


def write_run_log(run: Run, code: ExitCode, full_refresh_reason: str | None) -> None:
    """Appends the run. While somebody keeps the log open, the entry waits in a file for the next run."""
    waiting = run.settings.home / "run_log.waiting"
    waiting.mkdir(exist_ok=True)
    entry = json.dumps(_entry(run, code, full_refresh_reason))
    (waiting / f"{run.run_id}.json").write_text(entry, encoding="utf-8")
    for attempt in range(ATTEMPTS):
        try:
            with duckdb.connect(str(log_file(run))) as connection:
                connection.execute(TABLES)
                for file in sorted(waiting.glob("*.json")):
                    _append(connection, json.loads(file.read_text(encoding="utf-8")))
                    file.unlink()
            waiting.rmdir()
            return
        except duckdb.IOException:
            if attempt < ATTEMPTS - 1:
                time.sleep(0.5)
    print(f"The run log is in use; this run is noted there by the next refresh: {log_file(run)}")


def changed_files(run: Run) -> list[str] | None:
    """Landed files that the last published run didn't have with this content; None without such a run."""
    if not log_file(run).exists():
        return None
    try:
        with duckdb.connect(str(log_file(run)), read_only=True) as connection:
            ((last,),) = connection.execute("select max(run_id) from runs where exit_code = 0").fetchall()
            known = connection.execute(
                "select file_name, file_size, file_sha256 from landing_files where run_id = ?", [last]
            ).fetchall()
    except duckdb.Error:
        return None
    if last is None:
        return None
    before = {LandingFile(*row) for row in known}
    return [file.name for file in run.landing_files if file not in before]


def _entry(run: Run, code: ExitCode, full_refresh_reason: str | None) -> dict[str, Any]:
    return {
        "run": [
            run.run_id,
            run.started_at.replace(tzinfo=None).isoformat(),
            datetime.now(UTC).replace(tzinfo=None).isoformat(),
            str(run.as_of_date) if run.as_of_date else None,
            run.rule_version,
            code.name.lower(),
            int(code),
            run.stage_seconds,
            run.rebuilt_from,
            full_refresh_reason,
        ],
        "files": [asdict(file) for file in run.landing_files],
    }


def _append(connection: duckdb.DuckDBPyConnection, entry: dict[str, Any]) -> None:
    connection.begin()
    row = entry["run"]
    seconds = {"key": list(row[7]), "value": list(row[7].values())}
    connection.execute(
        "insert or ignore into runs values (?, ?, ?, ?, ?, ?, ?, map(?::varchar[], ?::double[]), ?, ?)",
        [*row[:7], seconds["key"], seconds["value"], *row[8:]],
    )
    for file in entry["files"]:
        connection.execute(
            "insert or ignore into landing_files values (?, ?, ?, ?)",
            [row[0], file["name"], file["size"], file["sha256"]],
        )
    connection.commit()
