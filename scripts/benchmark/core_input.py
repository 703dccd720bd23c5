"""What Polars and Spark are handed: the accepted accounts, the months, and which landed transactions were rejected.

They aggregate; judging landed rows isn't asked of them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from scripts.landing.sql_text import literal
from scripts.settings import Settings

TABLES = {
    "accounts": """
        select
            accounts.account_id, accounts.account_sk, accounts.closed_date,
            cast(coalesce(accounts.opening_balance, 0) as decimal(18, 2)) as opening_amount,
            greatest(accounts.opened_date, starts.first_date) as start_date
        from quarantine.quarantine.account_numbers as accounts
        cross join (select min(first_date) as first_date from work.panel.ledger_months) as starts
    """,
    "months": "select as_of_date, first_date, days_in_month, month_number from work.panel.ledger_months",
    "rejected": """
        select parse_filename(landed_file) as file_name, landed_row
        from quarantine.quarantine.core__transactions_judged
        where rejection is not null
    """,
}


def write_core_input(settings: Settings, folder: Path) -> None:
    """Parquet files, a table each."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(settings.work_file))} as work (read_only)")
        connection.execute(f"attach {literal(str(settings.quarantine_file))} as quarantine (read_only)")
        for name, query in TABLES.items():
            connection.execute(f"copy ({query}) to {literal(str(folder / f'{name}.parquet'))} (format parquet)")
