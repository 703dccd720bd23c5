"""What the snapshot is made of: a few narrow tables of one release. No row of a customer leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

MART = "segment_evaluation_monthly"

METRICS = f"select * from marts.{MART} where as_of_date <= cast(? as date)"
SIZES = "select * from marts.segment_sizes_monthly where as_of_date <= cast(? as date)"
MOVEMENTS = "select * from marts.segment_movements_monthly where as_of_date <= cast(? as date)"
LEDGER = "select * from marts.balance_reconciliation_monthly where as_of_date <= cast(? as date)"
LANDING = "select * from marts.data_reconciliation where as_of_date = cast(? as date)"
REJECTIONS = """
select as_of_date, source_name, table_name, severity_code, reason_code, reason_label, reason_label_zh,
    count(*) as row_count
from marts.data_rejections where as_of_date = cast(? as date)
group by all
"""
ALERTS = """
select as_of_date, signal_code, signal_label, signal_label_zh, severity_code, severity_rank, severity_label,
    severity_label_zh, owner_department_code, count(*) as customer_count,
    cast(coalesce(sum(adb_at_risk_amount), 0) as decimal(38, 2)) as adb_at_risk_amount,
    cast(coalesce(sum(contribution_at_risk_amount), 0) as decimal(38, 2)) as contribution_at_risk_amount
from marts.customer_alerts where as_of_date = cast(? as date)
group by all
"""
# table of the snapshot: its query, and the columns that order its rows
QUERIES = {
    "metrics": (METRICS, "as_of_date, metric_rank, dimension, segment_rank, segment_code, subject_code, outcome_code,"
                         " horizon_months"),
    "sizes": (SIZES, "as_of_date, dimension, segment_rank, segment_code"),
    "movements": (MOVEMENTS, "as_of_date, dimension, from_segment_code, to_segment_code"),
    "ledger": (LEDGER, "as_of_date"),
    "landing": (LANDING, "source_name, table_name"),
    "rejections": (REJECTIONS, "source_name, table_name, severity_code, reason_code"),
}  # fmt: skip
OPTIONAL_QUERIES = {"alerts": (ALERTS, "severity_rank, signal_code", "customer_alerts")}


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


def read_release(file: Path, as_of_date: str | None = None) -> Release:
    """Reads what a snapshot needs; dates become text, so that every file says them the same way."""
    if not file.exists():
        raise EvaluationError(
            f"There is no release at {file}: run a refresh first, or name another file with --release."
        )
    try:
        connection = duckdb.connect(str(file), read_only=True)
    except duckdb.Error as error:
        raise EvaluationError(f"{file} can't be read as a warehouse: {error}") from error
    with connection:
        found = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        }
        if MART not in found:
            raise EvaluationError(
                f"{file} has no marts.{MART}: it was published by an older version; refresh it first."
            )
        months = [
            str(month)
            for (month,) in connection.execute(
                f"select distinct as_of_date from marts.{MART} order by as_of_date"
            ).fetchall()
        ]
        if not months:
            raise EvaluationError(f"{file} has no evaluated month.")
        chosen = as_of_date or months[-1]
        if chosen not in months:
            raise EvaluationError(f"{chosen} isn't evaluated in this release; it has {months[0]} to {months[-1]}.")
        queries = {name: (query, order) for name, (query, order) in QUERIES.items()}
        queries |= {name: (query, order) for name, (query, order, mart) in OPTIONAL_QUERIES.items() if mart in found}
        tables = {
            name: _read(connection, f"select * from ({query}) order by {order}", chosen)
            for name, (query, order) in queries.items()
        }
    metrics = tables["metrics"]
    version = metrics.loc[metrics["as_of_date"] == chosen, "rule_version"].iloc[0]
    return Release(as_of_date=chosen, rule_version=str(version), tables=tables)


def _read(connection: duckdb.DuckDBPyConnection, query: str, as_of_date: str) -> pd.DataFrame:
    frame = connection.execute(query, [as_of_date]).df()
    for column in frame.columns:
        if column.endswith("_date"):
            frame[column] = frame[column].astype("datetime64[s]").dt.strftime("%Y-%m-%d")
    return frame
