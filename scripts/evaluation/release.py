"""What the snapshot is made of: a few narrow tables of one release. No row of a customer leaves it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from scripts.landing.sql_text import literal
from scripts.reader import Reader

MART = "segment_evaluation_monthly"
UP_TO_NOW = "as_of_date <= cast({month} as date)"
NOW = "as_of_date = cast({month} as date)"


def _counted(columns: str, mart: str, *sums: str) -> str:
    """Rows of the month, counted by columns."""
    return f"select {columns}, {', '.join(sums)} from marts.{mart} where {NOW} group by {columns}"


def _sum(amount: str) -> str:
    return f"cast(coalesce(sum({amount}), 0) as decimal(38, 2)) as {amount}"


# table of the snapshot: its query, and the columns that order its rows
QUERIES = {
    "metrics": (f"select * from marts.{MART} where {UP_TO_NOW}",
                "as_of_date metric_rank dimension segment_rank segment_code subject_code outcome_code horizon_months"),
    "sizes": (f"select * from marts.segment_sizes_monthly where {UP_TO_NOW}",
              "as_of_date dimension segment_rank segment_code"),
    "movements": (f"select * from marts.segment_movements_monthly where {UP_TO_NOW}",
                  "as_of_date dimension from_segment_code to_segment_code"),
    "ledger": (f"select * from marts.balance_reconciliation_monthly where {UP_TO_NOW}", "as_of_date"),
    "landing": (f"select * from marts.data_reconciliation where {NOW}", "source_name table_name"),
    "rejections": (_counted("as_of_date, source_name, table_name, severity_code, reason_code, reason_label,"
                            " reason_label_zh", "data_rejections", "count(*) as row_count"),
                   "source_name table_name severity_code reason_code"),
}  # fmt: skip
OPTIONAL_QUERIES = {
    "alerts": (_counted("as_of_date, signal_code, signal_label, signal_label_zh, severity_code, severity_rank,"
                        " severity_label, severity_label_zh, owner_department_code", "customer_alerts",
                        "count(*) as customer_count", _sum("adb_at_risk_amount"), _sum("contribution_at_risk_amount")),
               "severity_rank signal_code", "customer_alerts"),
}  # fmt: skip


class EvaluationError(Exception):
    """Why there is no snapshot, and what to do."""


@dataclass(frozen=True)
class Release:
    """The tables of one month of a release, and the months before."""

    as_of_date: str
    rule_version: str
    tables: dict[str, pd.DataFrame]

    @property
    def now(self) -> pd.DataFrame:
        """The metrics of the month."""
        metrics = self.tables["metrics"]
        return metrics[metrics["as_of_date"] == self.as_of_date]


def read_release(reader: Reader, place: str, as_of_date: str | None = None) -> Release:
    """Reads what a snapshot needs; rows are sorted here, since engines order text by rules of their own."""
    if not reader.has_table(f"marts.{MART}"):
        raise EvaluationError(f"{place} has no marts.{MART}: it was made by an older version; refresh it first.")
    months = list(reader.frame(f"select distinct as_of_date from marts.{MART} order by as_of_date")["as_of_date"])
    if not months:
        raise EvaluationError(f"{place} has no evaluated month.")
    chosen = as_of_date or months[-1]
    if chosen not in months:
        raise EvaluationError(f"{chosen} isn't evaluated in this release; it has {months[0]} to {months[-1]}.")
    queries = QUERIES | {
        name: (query, order)
        for name, (query, order, mart) in OPTIONAL_QUERIES.items()
        if reader.has_table(f"marts.{mart}")
    }
    tables = {
        name: reader.frame(query.format(month=literal(chosen)))
        .sort_values(order.split(), kind="stable", ignore_index=True)
        for name, (query, order) in queries.items()
    }
    metrics = tables["metrics"]
    version = metrics.loc[metrics["as_of_date"] == chosen, "rule_version"].iloc[0]
    return Release(as_of_date=chosen, rule_version=str(version), tables=tables)
