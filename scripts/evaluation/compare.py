"""Two snapshots side by side, in words for a terminal."""

from __future__ import annotations

from pathlib import Path

from scripts.evaluation.release import EvaluationError
from scripts.evaluation.report import place
from scripts.evaluation.rules import setting
from scripts.evaluation.snapshot import differing_files, read_summary
from scripts.evaluation.summary import CELL, changes
from scripts.evaluation.words import measured


def compare(evaluations: Path, one: str, other: str) -> str:
    """What differs from the first snapshot to the second."""
    folders = [_folder(evaluations, name) for name in (one, other)]
    before, after = (read_summary(folder) for folder in folders)
    if not differing_files(*folders):
        return f"{folders[0].name} and {folders[1].name} are the same, byte for byte."
    lines = [f"From {folders[0].name} to {folders[1].name}"]
    lines.append(f"  verdict: {before['verdict']} → {after['verdict']}")
    statuses = {check["code"]: check["status"] for check in before["checks"]}
    for check in after["checks"]:
        was = statuses.get(check["code"], "unknown")
        if was != check["status"]:
            lines.append(f"  {check['label']}: {was} → {check['status']}. {check['text']}")
    lines.append(f"  customers: {before['totals']['customer_count']:,} → {after['totals']['customer_count']:,}")
    lines += _alarms(before, after)
    found = changes(before, after)
    listed = found[: int(setting("listed_change_count"))]
    lines.append(f"  {len(found)} metrics changed" + (f", the largest {len(listed)}:" if listed else "."))
    for row in listed:
        values = f"{measured(row['before'], row['unit'])} → {measured(row['value'], row['unit'])}"
        lines.append(f"    {row['metric_label']} · {place(row, 'en')}: {values}")
    return "\n".join(lines)


def _alarms(before: dict, after: dict) -> list[str]:
    """What newly asks for attention, and what no longer does."""
    cells = [{tuple(row[name] for name in CELL): row for row in summary["alarms"]} for summary in (before, after)]
    lines = []
    for word, now, then in (("new", cells[1], cells[0]), ("gone", cells[0], cells[1])):
        for key in sorted(now.keys() - then.keys()):
            lines.append(f"  {word}: {now[key]['metric_label']} · {place(now[key], 'en')}")
    return lines


def _folder(evaluations: Path, name: str) -> Path:
    for folder in (Path(name), evaluations / name):
        if folder.is_dir():
            return folder
    raise EvaluationError(f"There is no snapshot {name}, neither as a folder nor in {evaluations}.")
