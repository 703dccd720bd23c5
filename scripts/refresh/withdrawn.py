"""Releases that a rollback took out of service: the same input isn't published again unseen."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

from scripts.refresh.durable import read_json, write_json
from scripts.refresh.manifest import MANIFEST
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import list_releases
from scripts.refresh.run import Run


def withdrawn_file(releases: Path) -> Path:
    """The list, beside the releases."""
    return releases / ".withdrawn.json"


def read_withdrawn(releases: Path) -> dict[str, dict[str, Any]]:
    """What was withdrawn, by release."""
    return read_json(withdrawn_file(releases)) or {}


def withdraw_after(run: Run, chosen: str, reason: str | None) -> list[str]:
    """Lists the releases after the chosen one, and the chosen one no longer."""
    releases = run.settings.releases
    entries = {name: entry for name, entry in read_withdrawn(releases).items() if name != chosen}
    later = [path for path in list_releases(releases) if chosen < path.name <= (run.compared_with or "")]
    for path in later:
        entries[path.name] = {
            "input_sha256": (read_json(path / MANIFEST) or {}).get("input_sha256"),
            "at": run.started_id,
            "by": getpass.getuser(),
            "reason": reason,
        }
    write_json(withdrawn_file(releases), entries)
    return [path.name for path in later]


def refuse_withdrawn(run: Run) -> None:
    """Stops a run whose landing, project and month are those of a withdrawn release."""
    for name, entry in read_withdrawn(run.settings.releases).items():
        if entry.get("input_sha256") != run.input_hash:
            continue
        said = f" ({entry['reason']})" if entry.get("reason") else ""
        if run.accepted_drift:
            print(f"  the same input as the withdrawn {name}, accepted: {run.accepted_drift}")
            return
        raise RefreshError(
            ExitCode.DRIFT,
            f"Landing, project and month are those of {name}, which was rolled back{said}. Nothing was changed.\n"
            'Repair the landing; or publish it all the same with --accept-drift "why", or roll forward to it.',
        )
