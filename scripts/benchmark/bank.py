"""Landings of a benchmark: generated once, shown to each case as links, up to a month or with a late file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.landing.sql_text import literal
from scripts.settings import PROJECT

TRANSACTIONS = Path("core/transactions")
CUSTOMERS = Path("core/customers")
LATE_ROWS = """
copy (
    select * replace ('LATE-' || transaction_id as transaction_id, timestamp '{loaded_at}' as loaded_at)
    from {part}
    where
        extract(day from booked_at) = {day}
        and reverses_transaction_id is null
        and booked_at <= timestamp '{loaded_at}'
    order by transaction_id
) to {target} (format parquet)
"""


@dataclass(frozen=True)
class Bank:
    """A generated landing whose large tables have a part for each month."""

    landing: Path

    @property
    def months(self) -> list[str]:
        """The months that have been landed, oldest first."""
        return sorted(part.stem for part in (self.landing / TRANSACTIONS).glob("????-??.parquet"))

    def transactions(self, months: list[str] | None = None) -> int:
        """How many transactions some months hold; without a list, all of them."""
        files = [str(self.landing / TRANSACTIONS / f"{month}.parquet") for month in months or self.months]
        return duckdb.read_parquet(files).shape[0]

    def month_after(self, month: str) -> str:
        """The month that is landed after this one."""
        return min(later for later in self.months if later > month)

    def is_shown(self, target: Path, month: str) -> bool:
        """Whether a case's landing holds a month."""
        return (target / TRANSACTIONS / f"{month}.parquet").exists()

    def show(self, target: Path, last_month: str) -> None:
        """Links the parts up to a month into a landing of a case; those already there stay."""
        for file in self.landing.rglob("*"):
            shown = target / file.relative_to(self.landing)
            is_later = file.parent.parent.parent == self.landing and file.stem > last_month
            if file.is_file() and not is_later and not shown.exists():
                shown.parent.mkdir(parents=True, exist_ok=True)
                shown.symlink_to(file)

    def has_customer_records(self, target: Path, month: str) -> bool:
        """Whether a case's landing holds the customer records of a month."""
        return any((target / CUSTOMERS).glob(f"{month}.*"))

    def show_customer_records(self, target: Path, month: str) -> None:
        """Links a month's part of the customers into a landing of a case, and nothing else of the month."""
        for file in (self.landing / CUSTOMERS).glob(f"{month}.*"):
            (target / CUSTOMERS / file.name).symlink_to(file)

    def add_late_day(self, target: Path, month: str, day: int) -> int:
        """One day of a month once more, under new numbers, loaded after everything else; how many rows that is."""
        folder = str(self.landing / TRANSACTIONS)
        loaded_at = duckdb.sql(f"select max(loaded_at) from {literal(folder + '/*.parquet')}").fetchall()[0][0]
        file = target / TRANSACTIONS / f"late-{month}-{day:02d}.parquet"
        part = literal(f"{folder}/{month}.parquet")
        duckdb.execute(LATE_ROWS.format(part=part, loaded_at=loaded_at, day=day, target=literal(str(file))))
        return duckdb.read_parquet(str(file)).shape[0]


def make_bank(home: Path, customers: int, months: int) -> Bank:
    """The bank in a home, with a month more than is built at first; generated when there is none."""
    months += 1
    bank = Bank(home / "landing")
    if not (bank.landing / TRANSACTIONS).is_dir():
        print(f"Generating {customers:,} customers, {months} months in {bank.landing}", flush=True)
        subprocess.run(
            [
                sys.executable, "-P", "-m", "scripts.landing.synthetic", "--customers", str(customers),
                "--months", str(months), "--landing", str(bank.landing), "--truth", str(home / "truth"),
            ],
            cwd=PROJECT, check=True,
        )  # fmt: skip
    if len(bank.months) < months:
        raise SystemExit(f"{bank.landing} holds {len(bank.months)} months, not {months}.")
    return bank


def remove(folder: Path) -> None:
    """Removes a case's files; the landing that its links lead to stays."""
    shutil.rmtree(folder, ignore_errors=True)
