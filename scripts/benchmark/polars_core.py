"""Transactions to account × month in Polars: `python -m scripts.benchmark.polars_core LANDING FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl


def account_months(landing: Path, folder: Path) -> pl.DataFrame:
    """Counts, sums by direction, balance at the month's end and sum of its daily balances."""
    accounts = pl.scan_parquet(folder / "accounts.parquet")
    months = pl.scan_parquet(folder / "months.parquet")
    rejected = pl.scan_parquet(folder / "rejected.parquet")
    flows = monthly_flows(landing, rejected, months)
    open_months = accounts.join(months, how="cross").filter(
        (pl.col("start_date") <= pl.col("as_of_date"))
        & (pl.col("closed_date").is_null() | (pl.col("closed_date") >= pl.col("first_date")))
    )
    opens = pl.col("start_date") >= pl.col("first_date")
    nothing = pl.lit(0, dtype=pl.Decimal(38, 2))
    spine = open_months.with_columns(
        pl.when(opens).then(pl.col("opening_amount").cast(pl.Decimal(38, 2))).otherwise(nothing).alias("opening"),
        (pl.col("days_in_month") - pl.col("start_date").dt.day().cast(pl.Int64) + 1).alias("opening_days"),
    )
    change = pl.col("opening") + pl.col("net_flow_amount")
    balanced = (
        spine.join(flows, on=["account_id", "month_number"], how="left")
        .with_columns(pl.col("net_flow_amount", "flow_days").fill_null(nothing))
        .sort("account_sk", "month_number")
        .with_columns(change.cum_sum().over("account_sk").alias("month_end_balance"))
    )
    start = pl.col("month_end_balance") - pl.col("net_flow_amount") - pl.col("opening")
    return balanced.select(
        "account_sk",
        "as_of_date",
        "transaction_count",
        "credit_amount",
        "debit_amount",
        "net_flow_amount",
        "month_end_balance",
        (start * pl.col("days_in_month") + pl.col("opening") * pl.col("opening_days") + pl.col("flow_days")).alias(
            "balance_days"
        ),
    ).collect(engine="streaming")


def monthly_flows(landing: Path, rejected: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """One pass over the transactions; money in whole cents, so that sums are exact."""
    booked = pl.col("booked_at")
    month = booked.dt.year().cast(pl.Int64) * 12 + booked.dt.month().cast(pl.Int64) - 1
    cents = (pl.col("amount").cast(pl.Decimal(18, 2)) * 100).cast(pl.Int64)
    days_held = booked.dt.month_end().dt.day().cast(pl.Int64) - booked.dt.day().cast(pl.Int64) + 1
    is_credit = pl.col("direction").str.strip_chars().str.to_lowercase() == "credit"
    parts = [
        pl.scan_parquet(file, row_index_name="row_index").with_columns(pl.lit(file.name).alias("file_name"))
        for file in sorted((landing / "core" / "transactions").glob("*.parquet"))
    ]
    transactions = (
        pl.concat(parts)
        .with_columns((pl.col("row_index").cast(pl.Int64) + 1).alias("landed_row"))
        .join(rejected, on=["file_name", "landed_row"], how="anti")
        .select("account_id", is_credit=is_credit, month_number=month, cents=cents, days=days_held)
        .with_columns(pl.when("is_credit").then("cents").otherwise(0 - pl.col("cents")).alias("signed"))
    )
    sums = transactions.group_by("account_id", "month_number").agg(
        pl.len().alias("transaction_count"),
        pl.col("cents").filter("is_credit").sum().alias("credit_amount"),
        pl.col("cents").filter(~pl.col("is_credit")).sum().alias("debit_amount"),
        pl.col("signed").sum().alias("net_flow_amount"),
        (pl.col("signed") * pl.col("days")).sum().alias("flow_days"),
    )
    cent = pl.lit("0.01").cast(pl.Decimal(38, 2))
    money = ["credit_amount", "debit_amount", "net_flow_amount", "flow_days"]
    return sums.with_columns(pl.col(name).cast(pl.Decimal(38, 2)) * cent for name in money)


def main(landing: str, folder: str) -> int:
    """Writes core.parquet."""
    account_months(Path(landing), Path(folder)).write_parquet(Path(folder) / "core.parquet")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
