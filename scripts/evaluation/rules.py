"""The seeds that the report reads: words, bounds and approvals. Rules are rows there, never numbers here."""

from __future__ import annotations

from functools import cache

from scripts.seeds import Row, seed_rows


@cache
def seed_by(name: str, *columns: str) -> dict[tuple[str, ...], Row]:
    """The rows of a seed by its key."""
    return {tuple(row[column] for column in columns): row for row in seed_rows(name)}


def setting(code: str) -> float:
    """A number that the report goes by."""
    return float(seed_by("evaluation_report_settings", "setting_code")[(code,)]["value"])
