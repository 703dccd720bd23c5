"""Snapshots on disk: made aside, put in place at once, never silently overwritten."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.evaluation.release import EvaluationError, Release
from scripts.evaluation.report import render
from scripts.evaluation.summary import summarise, validate
from scripts.landing.landed import hash_file


class SnapshotExistsError(EvaluationError):
    """Another snapshot of the same month and rule version is there, and differs."""


SUMMARY, REPORT = "summary.json", "report.html"


def folder_name(as_of_date: str, rule_version: str) -> str:
    """The name of a snapshot's folder."""
    return f"{as_of_date}_{rule_version}"


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary of a snapshot, checked against its schema."""
    file = folder / SUMMARY
    if not file.exists():
        raise EvaluationError(f"{folder} is no evaluation snapshot: it has no {SUMMARY}.")
    try:
        summary = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EvaluationError(f"{file} can't be read: {error}") from error
    validate(summary)
    return summary


def previous_snapshot(evaluations: Path, as_of_date: str, rule_version: str) -> Path | None:
    """The newest snapshot of an earlier month; of several rule versions the same one first."""
    found = []
    for file in sorted(evaluations.glob(f"*/{SUMMARY}")):
        folder = file.parent
        month, _, version = folder.name.partition("_")
        if month < as_of_date and not folder.name.startswith("."):
            found.append((month, version == rule_version, version, folder))
    return max(found)[-1] if found else None


def write_snapshot(
    release: Release, evaluations: Path, replace: bool = False, progress: Callable[[str], None] = print
) -> tuple[Path, str]:
    """Writes the snapshot of a release's month; returns its folder and `written`, `unchanged` or `replaced`."""
    evaluations.mkdir(parents=True, exist_ok=True)
    folder = evaluations / folder_name(release.as_of_date, release.rule_version)
    before = previous_snapshot(evaluations, release.as_of_date, release.rule_version)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=evaluations) as aside:
        made = Path(aside) / folder.name
        made.mkdir()
        tables = {}
        for name, frame in release.tables.items():
            progress(f"table {name}: {len(frame):,} rows")
            tables[name] = {"row_count": len(frame), "sha256": _write_parquet(frame, made / f"{name}.parquet")}
        progress("summary")
        summary = summarise(release, tables, read_summary(before) if before else None)
        text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (made / SUMMARY).write_text(text, encoding="utf-8")
        (made / REPORT).write_text(render(release, summary, progress), encoding="utf-8")
        outcome = "written"
        if folder.exists():
            different = differing_files(folder, made)
            if not different:
                return folder, "unchanged"
            if not replace:
                raise SnapshotExistsError(
                    f"{folder} holds another snapshot of that month and rule version: {', '.join(different)} differ."
                    " Compare them, or keep the old one under another name; --replace overwrites it."
                )
            folder.rename(Path(aside) / "replaced")
            outcome = "replaced"
        made.rename(folder)
    return folder, outcome


def differing_files(one: Path, other: Path) -> list[str]:
    """Names of files that aren't the same in two folders."""
    names = {file.name for folder in (one, other) for file in folder.iterdir()}
    return sorted(
        name
        for name in names
        if not ((one / name).exists() and (other / name).exists())
        or (one / name).read_bytes() != (other / name).read_bytes()
    )


def _write_parquet(frame: pd.DataFrame, file: Path) -> str:
    """Writes a table, the same bytes for the same rows; returns their hash."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, file, compression="zstd")
    return hash_file(file)
