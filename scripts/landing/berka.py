"""Convert the PKDD'99 Discovery Challenge files ("Berka", a Czech bank 1993-1998) into the landing.

    python -m scripts.landing.berka --input FOLDER [--landing FOLDER]

What becomes of the files:

- account.asc: core.accounts, each a `demand_deposit` in CZK. The data has no stamps, so a version is known
  from the opening day. `frequency` (of statements) and the branch's district aren't asked for.
- client.asc: core.customers. Birth date and gender come out of `birth_number` (women: month + 50), the
  district is the region. The relation starts with the client's oldest account, as owner or authorised person.
- disp.asc: core.account_holders. OWNER is the owner, DISPONENT an authorised person.
- trans.asc: core.transactions. `berka_transaction_codes.csv` beside this file maps type, operation and
  k_symbol. A transaction is booked at midnight of its day and loaded at the end of it.
- loan.asc: lending.loans of the account's owner. `status` is an outcome known only later and isn't read.
- district.asc: market.regions. Unemployment is of 1995 and 1996; the average salary has no year and stands in
  both. Months before the end of 1995 find no region figures, rather than figures from their future.
- order.asc, card.asc: not read. Orders have no dates, and most borrowers' cards were issued after the loan.

What the data lacks stays missing: names, documents, channels, interest rates, opening balances (all histories
start with the account), loan positions, ratings, consents, investments. `balance_after` is left out although
trans.asc has a `balance`: rows have no order within a day, so it is certain only after the last of them. Then
too it differs from the sum of the amounts, which land as they stand: `amount` of interest is rounded to a
tenth of a crown, `balance` carries the unrounded sum on (up to 0.70 apart after fourteen months).
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb
import yaml

from scripts.landing.berka_files import CODED_BY, BerkaError, read_files

PROJECT = Path(__file__).resolve().parents[2]
WRITTEN_BY = "scripts.landing.berka"


class Landed(NamedTuple):
    """How a table of the landing is made out of the files; columns that aren't named here are null."""

    columns: dict[str, str]
    rows: str
    order: str


TABLES = {
    "core.customers": Landed(
        columns={
            "customer_id": "client_id",
            "customer_type": "'individual'",
            "birth_date": "to_date(birth_text(birth_number))",
            "gender": "case when is_woman(birth_number) then 'female' else 'male' end",
            "region_code": "district_id",
            "customer_since_date": "since.opened_date",
            "updated_at": "coalesce(since.opened_date, (select min(to_date(date)) from account))",
        },
        rows="""client left join (
            select client_id, min(to_date(date)) as opened_date
            from disp inner join account using (account_id) group by client_id
        ) as since using (client_id)""",
        order="cast(client_id as bigint)",
    ),
    "core.accounts": Landed(
        columns={
            "account_id": "account_id",
            "product_code": "'demand_deposit'",
            "currency_code": "'CZK'",
            "opened_date": "to_date(date)",
            "updated_at": "to_date(date)",
        },
        rows="account",
        order="cast(account_id as bigint)",
    ),
    "core.account_holders": Landed(
        columns={
            "account_id": "account_id",
            "customer_id": "client_id",
            "role": "case type when 'OWNER' then 'owner' else 'authorised' end",
        },
        rows="disp",
        order="cast(account_id as bigint), cast(client_id as bigint), disp_id",
    ),
    "core.transactions": Landed(
        columns={
            "transaction_id": "trans_id",
            "account_id": "account_id",
            "booked_at": "to_date(date)",
            "amount": "amount",
            "direction": "codes.direction",
            "transaction_code": "codes.transaction_code",
            "channel_code": "codes.channel_code",
            # An account of no bank is the 0 on some cash rows, and nobody's.
            "counterparty_id": "case when bank <> '' and account <> '' then bank || '-' || account end",
            "counterparty_bank_code": "nullif(bank, '')",
            "loaded_at": "to_date(date) + interval '23:59:59'",
        },
        rows=f"trans inner join codes using ({', '.join(CODED_BY)})",
        order="date, cast(trans_id as bigint), line",
    ),
    "lending.loans": Landed(
        columns={
            "loan_id": "loan_id",
            "customer_id": "owner.client_id",
            "product_code": "'consumer_loan'",
            "disbursed_date": "to_date(date)",
            "maturity_date": "to_date(date) + to_months(cast(duration as integer))",
            "principal": "amount",
            "currency_code": "'CZK'",
        },
        rows="""loan left join (
            select account_id, min(client_id) as client_id from disp where type = 'OWNER' group by account_id
        ) as owner using (account_id)""",
        order="cast(loan_id as bigint), line",
    ),
    "market.regions": Landed(
        columns={
            "region_code": "a1",
            "period_end_date": "make_date(year, 12, 31)",
            "average_wage": "a11",
            "unemployment_rate": "to_share(case year when 1995 then a12 else a13 end)",
            "region_name": "a2",
        },
        rows="district cross join (values (1995), (1996)) as years (year)",
        order="cast(a1 as bigint), year, line",
    ),
}


def select_table(table: str) -> str:
    """The query that makes a table: every column that its contract asks for, in the contract's type."""
    source, name = table.split(".")
    contract = PROJECT / "models" / "staging" / source / f"_{source}__sources.yml"
    tables = yaml.safe_load(contract.read_text(encoding="utf-8"))["sources"][0]["tables"]
    made = TABLES[table]
    columns = [
        f"cast({made.columns.get(column['name'], 'null')} as {column['data_type']}) as {column['name']}"
        for column in next(entry["columns"] for entry in tables if entry["name"] == name)
        if column["name"] in made.columns or not column.get("config", {}).get("meta", {}).get("is_optional")
    ]
    return f"select {', '.join(columns)} from {made.rows} order by {made.order}"


def target_of(connection: duckdb.DuckDBPyConnection, landing: Path, table: str) -> Path:
    """Where a table lands: never over or beside a form of it that this adapter hasn't written."""
    place = landing.joinpath(*table.split("."))
    target = place.with_name(f"{place.name}.parquet")
    foreign = [other for other in (place, place.with_name(f"{place.name}.csv")) if other.exists()]
    if target.exists():
        try:
            found = connection.execute(
                "select 1 from parquet_kv_metadata($path) where key = 'written_by' and value = $name::blob",
                {"path": str(target), "name": WRITTEN_BY},
            ).fetchone()
        except duckdb.Error:
            found = None
        foreign += [] if found else [target]
    if foreign:
        raise BerkaError(f"{foreign[0]} wasn't written by this adapter; give an empty folder as --landing.")
    return target


def convert(folder: Path, landing: Path) -> dict[str, int]:
    """Convert the files of a folder into a landing; returns the rows of each table. Errors write nothing."""
    with duckdb.connect() as connection:
        read_files(connection, folder)
        targets = {table: target_of(connection, landing, table) for table in TABLES}
        landing.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".berka-", dir=landing) as work:
            rows = {}
            for table in TABLES:
                written = str(Path(work, table)).replace("'", "''")
                ((rows[table],),) = connection.execute(
                    f"copy ({select_table(table)}) to '{written}' (format parquet, compression zstd,"
                    f" kv_metadata {{written_by: '{WRITTEN_BY}'}})"
                ).fetchall()
            for table, target in targets.items():
                target.parent.mkdir(exist_ok=True)
                Path(work, table).replace(target)
    return rows


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="berka", description="Convert the PKDD'99 files into the landing.")
    parser.add_argument("--input", type=Path, required=True, help="folder with account.asc and the others")
    parser.add_argument(
        "--landing", default=os.environ.get("DEPOSITS_LANDING"), help="landing folder (DEPOSITS_LANDING)"
    )
    options = parser.parse_args(arguments)
    if not options.landing:
        parser.error("give --landing or set DEPOSITS_LANDING")
    try:
        rows = convert(options.input, Path(options.landing))
    except (BerkaError, OSError) as error:
        print(f"berka: {error}", file=sys.stderr)
        return 2
    for table, count in rows.items():
        print(f"{table:22}{count:>11,} rows")
    print(f"Landed in {options.landing}. Amounts are in CZK: refresh with the base currency CZK.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
