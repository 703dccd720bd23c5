"""What stays as it was staged, transactions by file, other tables whole: it is what one build from nothing makes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from warehouse import SyntheticBank, Warehouse

STAGING = (
    "--exclude", "resource_type:seed", "--select", "+stg_core__transactions", "+quarantined_rows", "+warned_rows",
    "built_files", "built_accounts",
)  # fmt: skip
# what new rows say of rows of older files: the same again, another version, reversals of all and of a part
NEW_ROWS = """
    with numbered as (
        select *, row_number() over (order by transaction_id) as n
        from read_parquet('{older}') where reverses_transaction_id is null
    ),
    changed as (
        select * exclude (n) from numbered where n % 50 = 1
        union all
        select * exclude (n) replace (amount + 1 as amount) from numbered where n % 50 = 2
        union all
        select * exclude (n) replace (
            transaction_id || '-back' as transaction_id, booked_at + interval 40 day as booked_at,
            loaded_at + interval 40 day as loaded_at, transaction_id as reverses_transaction_id,
            case when n % 50 = 3 then amount else amount - 0.01 end as amount,
            case direction when 'credit' then 'debit' else 'credit' end as direction
        )
        from numbered where n % 50 in (3, 4)
    )
    select * from changed
"""


@pytest.fixture
def warehouse(synthetic_bank: SyntheticBank, tmp_path: Path) -> Warehouse:
    """The bank with files of its own, all of them staged."""
    home = synthetic_bank.copy(tmp_path / "kept").home
    shutil.copytree(synthetic_bank.landing, tmp_path / "landing")
    return Warehouse(home=home, landing=tmp_path / "landing")


def write(query: str, file: Path) -> None:
    duckdb.sql(query).write_parquet(str(file))


def staged(warehouse: Warehouse) -> dict[str, tuple[int, int]]:
    """Row count and content hash of what is staged, rejected and warned of."""
    with warehouse.connect() as connection:
        connection.execute(f"attach '{warehouse.home}/quarantine/quarantine.duckdb' as quarantine (read_only)")
        tables = ("staging.stg_core__transactions", "quarantine.quarantined_rows", "quarantine.warned_rows")
        return {
            table: connection.execute(f"select count(*), sum(cast(hash(r) as hugeint)) from {name} as r").fetchone()
            for table in tables
            for name in [table if table.startswith("staging") else f"quarantine.{table}"]
        }


def kept_files(warehouse: Warehouse) -> int:
    with warehouse.connect() as connection:
        query = "select count(*) from staging.stg_landing__transaction_files where is_kept"
        return connection.execute(query).fetchone()[0]


def test_what_stays_and_what_comes_is_what_one_build_makes(warehouse: Warehouse, tmp_path: Path) -> None:
    transactions, accounts = (warehouse.landing / "core" / name for name in ("transactions", "accounts"))
    files = sorted(transactions.iterdir())
    whole = Warehouse(home=tmp_path / "whole", landing=warehouse.landing)
    shutil.copytree(warehouse.home, whole.home)

    def build_both() -> None:
        warehouse.build(*STAGING)
        whole.build("--full-refresh", *STAGING)
        assert staged(warehouse) == staged(whole)

    before = staged(warehouse)
    # a late file about rows of older ones, and accounts that are closed earlier than their bookings
    write(NEW_ROWS.format(older=files[3]), transactions / "late.parquet")
    write(
        "select * replace (cast('2000-01-02' as date) as opened_date, booked.day as closed_date,"
        " updated_at + interval 1 year as updated_at)"
        f" from read_parquet('{accounts}/*.parquet') as accounts"
        " join (select account_id, max(booked_at)::date - 1 as day"
        f" from read_parquet('{files[5]}') group by 1 order by 1 limit 3) as booked using (account_id)",
        tmp_path / "closed.parquet",
    )
    write(f"select * exclude (day) from read_parquet('{tmp_path}/closed.parquet')", accounts / "closed.parquet")
    build_both()
    assert kept_files(warehouse) == len(files)
    changed = {table for table, content in staged(warehouse).items() if content != before[table]}
    assert changed >= {"staging.stg_core__transactions", "quarantine.quarantined_rows"}

    # an older file is delivered again without some of its rows, and the late one is taken back
    write(f"select * from read_parquet('{files[3]}') where hash(transaction_id) % 10 > 0", tmp_path / "x.parquet")
    shutil.move(tmp_path / "x.parquet", files[3])
    (transactions / "late.parquet").unlink()
    build_both()
    assert kept_files(warehouse) == len(files) - 1

    # an account that is gone takes its bookings with it, in whatever file they are
    (accounts / "closed.parquet").unlink()
    first = sorted(accounts.iterdir())[0]
    (once,) = duckdb.sql(
        f"select account_id from read_parquet('{accounts}/*.parquet', filename = true) group by 1"
        f" having count(*) = 1 and min(filename) = '{first}' order by 1 limit 1"
    ).fetchone()
    write(f"select * from read_parquet('{first}') where account_id <> '{once}'", tmp_path / "x.parquet")
    shutil.move(tmp_path / "x.parquet", first)
    build_both()
    assert kept_files(warehouse) == 0


def made_tables(warehouse: Warehouse, *arguments: str) -> set[str]:
    """Builds all that stays while its inputs do; the tables that were made all the same."""
    warehouse.build("--exclude", "resource_type:seed", "--select", "config.materialized:kept_table", *arguments)
    target = warehouse.home / "target"
    nodes = json.loads((target / "manifest.json").read_text("utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
    return {
        nodes[result["unique_id"]]["name"]
        for result in results
        if nodes[result["unique_id"]]["config"]["materialized"] == "kept_table" and result["message"] != "KEPT"
    }


def change(warehouse: Warehouse, file: str, statement: str) -> None:
    """Something that is made of is changed in one of the warehouse's databases."""
    with duckdb.connect(str(warehouse.home / file)) as connection:
        connection.execute(statement)


def test_a_table_stays_while_all_that_it_is_made_from_is_the_same(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = made_tables(warehouse, "--full-refresh")
    assert {"core__customers_judged", "party_members", "canonical_codes", "int_month_end_rates"} <= everything
    assert made_tables(warehouse) == set()

    # a file that comes, and goes
    late = warehouse.landing / "core/account_holders/late.parquet"
    first = sorted(late.parent.iterdir())[0]
    write(f"select * replace ('none' as account_id) from read_parquet('{first}') limit 1", late)
    of_holders = {"core__account_holders_judged", "account_shares", "stg_core__account_holders"}
    assert made_tables(warehouse) == of_holders
    late.unlink()
    assert made_tables(warehouse) == of_holders

    # a rule
    placeholder = "update seeds.document_placeholders set placeholder = placeholder || '0'"
    change(warehouse, "work/warehouse.duckdb", placeholder)
    made = made_tables(warehouse)
    assert {"party_members", "stg_core__customers", "stg_crm__consents"} <= made
    assert not {"core__customers_judged", "stg_core__accounts"} & made

    # a table of which it isn't known what it was made from
    change(warehouse, "quarantine/quarantine.duckdb", "comment on table quarantine.quarantine.account_numbers is null")
    assert made_tables(warehouse) == {"account_numbers"}

    # the variables of a run
    made = made_tables(warehouse, "--vars", "{base_currency: EUR}")
    assert "canonical_codes" in made and "market__regions_judged" not in made

    # the secret key
    monkeypatch.setattr("warehouse.KEY", "another key for tests")
    assert made_tables(warehouse) == everything
