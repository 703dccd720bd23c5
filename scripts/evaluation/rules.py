"""The seeds that the report reads: words, bounds and approvals. Rules are rows there, never numbers here."""

from __future__ import annotations

import csv
from functools import cache

from scripts.settings import PROJECT

RULES = PROJECT / "seeds" / "rules"


@cache
def seed(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed of rules, as text."""
    with (RULES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def seed_by(name: str, *columns: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of a seed by its key."""
    return {tuple(row[column] for column in columns): row for row in seed(name)}


def setting(code: str) -> float:
    """A number that the report goes by."""
    return float(seed_by("evaluation_report_settings", "setting_code")[(code,)]["value"])
