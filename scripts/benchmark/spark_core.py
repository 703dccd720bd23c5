"""Transactions to account × month in Spark, `local[2]`: `python -m scripts.benchmark.spark_core LANDING FOLDER`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from pyspark.sql import SparkSession

FLOWS = """
select
    account_id,
    year(booked_at) * 12 + month(booked_at) - 1 as month_number,
    count(*) as transaction_count,
    sum(case lower(trim(direction)) when 'credit' then amount else 0 end) as credit_amount,
    sum(case lower(trim(direction)) when 'credit' then 0 else amount end) as debit_amount,
    sum(case lower(trim(direction)) when 'credit' then amount else -amount end) as net_flow_amount,
    sum(
        (case lower(trim(direction)) when 'credit' then amount else -amount end)
        * (day(last_day(booked_at)) - day(booked_at) + 1)
    ) as flow_days
from transactions
where not exists (
    select 1 from rejected
    where rejected.file_name = transactions.file_name and rejected.landed_row = transactions.row_index + 1
)
group by account_id, year(booked_at) * 12 + month(booked_at) - 1
"""
ACCOUNT_MONTHS = """
with spine as (
    select
        accounts.account_id, accounts.account_sk, months.as_of_date, months.month_number, months.days_in_month,
        case when accounts.start_date >= months.first_date then accounts.opening_amount else 0 end as opening_amount,
        months.days_in_month - day(accounts.start_date) + 1 as opening_days
    from accounts
    inner join months
        on
            accounts.start_date <= months.as_of_date
            and (accounts.closed_date is null or accounts.closed_date >= months.first_date)
),

balanced as (
    select
        spine.*, flows.transaction_count, flows.credit_amount, flows.debit_amount,
        coalesce(flows.net_flow_amount, 0) as net_flow_amount,
        coalesce(flows.flow_days, 0) as flow_days,
        sum(spine.opening_amount + coalesce(flows.net_flow_amount, 0)) over (
            partition by spine.account_sk order by spine.month_number
        ) as month_end_balance
    from spine
    left join flows on spine.account_id = flows.account_id and spine.month_number = flows.month_number
)

select
    account_sk, as_of_date, transaction_count, credit_amount, debit_amount, net_flow_amount, month_end_balance,
    cast(
        (month_end_balance - net_flow_amount - opening_amount) * days_in_month + opening_amount * opening_days
        + flow_days
        as decimal(28, 2)
    ) as balance_days
from balanced
"""


def main(landing: str, folder: str) -> int:
    """Writes core.parquet, one file."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", os.environ.get("SPARK_MEMORY", "6g"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.local.dir", str(Path(folder) / "spill"))
        .getOrCreate()
    )
    transactions = session.read.parquet(f"{landing}/core/transactions")
    transactions.select("*", "_metadata.file_name", "_metadata.row_index").createOrReplaceTempView("transactions")
    for name in ("accounts", "months", "rejected"):
        session.read.parquet(f"{folder}/{name}.parquet").createOrReplaceTempView(name)
    session.sql(FLOWS).createOrReplaceTempView("flows")
    written = Path(folder) / "core.spark"
    session.sql(ACCOUNT_MONTHS).coalesce(1).write.mode("overwrite").parquet(str(written))
    session.stop()
    next(written.glob("part-*.parquet")).replace(Path(folder) / "core.parquet")
    shutil.rmtree(written)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
