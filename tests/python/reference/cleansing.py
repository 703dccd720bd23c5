"""Cleansing: every landed row ends in exactly one of accepted, duplicate, rejected.

The order of work: each row by itself (`judging`), keys among the valid rows (`deduplication`), references
among the standing rows (`references`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .contract import TABLES
from .deduplication import deduplicate
from .judging import Context, JudgedRow, judge_row
from .landing import LandedTable, LandingError
from .references import check_references


@dataclass
class CleanLanding:
    """All judged rows by table, and what the landing has."""

    landed: dict[str, LandedTable]
    judged: dict[str, list[JudgedRow]]
    base_currency: str

    def accepted(self, table: str) -> list[dict[str, object]]:
        """The typed values of a table's accepted rows."""
        return [row.values for row in self.judged[table] if row.outcome == "accepted"]

    def versions(self, table: str) -> list[dict[str, object]]:
        """The typed values of a table's accepted rows and of their older versions."""
        return [
            row.values
            for row in self.judged[table]
            if row.outcome == "accepted" or row.reason == "older_version"
        ]

    def reconciliation(self) -> dict[str, dict[str, int]]:
        """Per table: landed = accepted + duplicate + rejected."""
        counts = {}
        for name, rows in self.judged.items():
            outcomes = Counter(row.outcome for row in rows)
            counts[name] = {"landed": len(rows)} | {
                outcome: outcomes[outcome] for outcome in ("accepted", "duplicate", "rejected")
            }
        return counts


def cleanse(landed: dict[str, LandedTable], base_currency: str) -> CleanLanding:
    """Judges every row of the landing."""
    context = Context(base_currency.upper())
    judged: dict[str, list[JudgedRow]] = {}

    def judge(name: str) -> None:
        judged[name] = [judge_row(TABLES[name], row, context) for row in landed[name].rows]
        deduplicate(TABLES[name], judged[name])

    # Rates and regions first: other rows are judged against them.
    judge("market.fx_rates")
    judge("market.regions")
    context.rated_currencies = _standing_values(judged["market.fx_rates"], "currency_code")
    if landed["market.regions"].is_landed:
        context.regions = _standing_values(judged["market.regions"], "region_code")
    for name in TABLES:
        if name not in judged:
            judge(name)
    check_references(judged)
    clean = CleanLanding(landed, {name: judged[name] for name in TABLES}, context.base_currency)
    if not clean.accepted("core.transactions"):
        raise LandingError("core.transactions: no accepted transaction at all")
    return clean


def _standing_values(rows: list[JudgedRow], column: str) -> set:
    return {row.values[column] for row in rows if row.outcome == "accepted"}
