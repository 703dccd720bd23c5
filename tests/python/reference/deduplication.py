"""One row per key stands: conflicts are rejected, resends, older versions and lesser roles are duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from .contract import Table
from .judging import JudgedRow

_ROLES = ("owner", "joint", "authorised")  # the one with most rights first


def deduplicate(table: Table, rows: Iterable[JudgedRow]) -> None:
    """Judges the rows that are valid by themselves against the others of their key."""
    groups: dict[tuple, list[JudgedRow]] = defaultdict(list)
    for row in rows:
        if row.outcome == "accepted":
            groups[tuple(row.values[name] for name in table.key)].append(row)
    for group in groups.values():
        if len(group) == 1:
            continue
        if table.name == "core.account_holders":
            group = _best_role(group)
        _newest_stands(table, group)


def _best_role(group: list[JudgedRow]) -> list[JudgedRow]:
    best = min(_ROLES.index(row.values["role"]) for row in group)
    for row in group:
        if _ROLES.index(row.values["role"]) > best:
            row.set_aside("lesser_role")
    return [row for row in group if row.outcome == "accepted"]


def _newest_stands(table: Table, group: list[JudgedRow]) -> None:
    """Within one stamp equal rows are resends and different ones conflict; then the newest stamp stands."""
    by_stamp: dict[datetime, list[JudgedRow]] = defaultdict(list)
    for row in group:
        stamp = row.values[table.stamp] if table.stamp else None
        by_stamp[stamp or datetime.min].append(row)  # no stamp is older than every stamp
    candidates = []
    for stamp in sorted(by_stamp):
        first, *others = by_stamp[stamp]
        if any(other.content(table) != first.content(table) for other in others):
            for row in by_stamp[stamp]:
                row.reject("version_conflict")
            continue
        for other in others:
            other.set_aside("resend")
        candidates.append(first)
    for older in candidates[:-1]:
        older.set_aside("older_version")
