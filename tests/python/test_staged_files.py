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
        query = (
            "select database_name || '.' || schema_name || '.' || table_name from duckdb_tables()"
            " where table_name in ('stg_core__transactions', 'quarantined_rows', 'warned_rows')"
            " or table_name like '%_judged' and table_name <> 'core__transactions_judged'"
        )
        return {
            table.split(".")[-1]: connection.execute(
                f"select count(*), sum(cast(hash(r) as hugeint)) from {table} as r"
            ).fetchone()
            for (table,) in connection.execute(query).fetchall()
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
    assert changed >= {"stg_core__transactions", "quarantined_rows", "core__accounts_judged"}

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


def test_transactions_are_judged_again_where_that_can_come_out_otherwise(warehouse: Warehouse, tmp_path: Path) -> None:
    transactions, accounts = (warehouse.landing / "core" / name for name in ("transactions", "accounts"))
    files, first_accounts = sorted(transactions.iterdir()), sorted(accounts.iterdir())[0]
    whole = Warehouse(home=tmp_path / "whole", landing=warehouse.landing)
    shutil.copytree(warehouse.home, whole.home)

    def judged_again() -> int:
        """Builds both, which come to the same; how many rows of files that stay were judged again."""
        warehouse.build(*STAGING)
        whole.build("--full-refresh", *STAGING)
        assert staged(warehouse) == staged(whole)
        with duckdb.connect(str(warehouse.home / "quarantine/quarantine.duckdb"), read_only=True) as connection:
            query = "select count(*) from quarantine.quarantine.rejudged_transactions where is_concerned"
            return connection.execute(query).fetchone()[0]

    # bookings of an account that nobody knows, reversals of what isn't landed, of a reversal, and of one original twice
    stranger = "'stranger' as account_id"
    reversal = (
        "transaction_id || '{0}' as transaction_id, transaction_id || '{1}' as reverses_transaction_id,"
        " case direction when 'credit' then 'debit' else 'credit' end as direction"
    )
    write(
        f"""
        with chosen as (
            select * from read_parquet('{files[2]}')
            where reverses_transaction_id is null order by transaction_id limit 40
        )
        select * replace (transaction_id || '-stranger' as transaction_id, {stranger}) from chosen
        union all select * replace ({reversal.format("-early", "-later")}) from chosen
        union all select * replace ({reversal.format("-back", "")}) from chosen
        union all select * replace ({reversal.format("-again", "")}) from chosen
        union all select * replace (transaction_id || '-forth' as transaction_id,
            transaction_id || '-back' as reverses_transaction_id) from chosen
        """,
        transactions / "late-1.parquet",
    )
    judged_again()

    # nothing new: nothing is judged again
    assert judged_again() == 0

    # the stranger is known, the originals are landed, and a number comes once more with another content
    write(
        "select * replace ('stranger' as account_id)"
        f" from read_parquet('{first_accounts}') order by account_id limit 1",
        accounts / "late.parquet",
    )
    write(
        f"""
        with chosen as (select * from read_parquet('{transactions}/late-1.parquet'))
        select * replace (reverses_transaction_id as transaction_id, null as reverses_transaction_id,
            case direction when 'credit' then 'debit' else 'credit' end as direction)
        from chosen where transaction_id like '%-early'
        union all
        select * replace (amount + 1 as amount) from chosen where transaction_id like '%-again'
        """,
        transactions / "late-2.parquet",
    )
    assert judged_again() >= 40 * 3
    assert kept_files(warehouse) == len(files) + 1

    # it is taken back, and the account is closed before it was used
    (transactions / "late-2.parquet").unlink()
    write(
        f"select * replace (opened_date as closed_date, updated_at + interval 1 year as updated_at)"
        f" from read_parquet('{accounts}/late.parquet')",
        accounts / "later.parquet",
    )
    assert judged_again() >= 40 * 3
    assert kept_files(warehouse) == len(files) + 1


def made_at(warehouse: Warehouse) -> dict[str, int]:
    """When each judged table was made as a whole: the number that the database gave it then."""
    with duckdb.connect(str(warehouse.home / "quarantine/quarantine.duckdb"), read_only=True) as connection:
        query = "select table_name, table_oid from duckdb_tables() where table_name like '%_judged'"
        return dict(connection.execute(query).fetchall())


def test_rows_that_can_be_judged_otherwise_are_judged_again(warehouse: Warehouse, tmp_path: Path) -> None:
    customers, holders, positions, loan_positions = (
        sorted((warehouse.landing / table).iterdir())
        for table in ("core/customers", "core/account_holders", "wealth/positions", "lending/loan_positions")
    )
    whole = Warehouse(home=tmp_path / "whole", landing=warehouse.landing)
    shutil.copytree(warehouse.home, whole.home)
    made = {table: at for table, at in made_at(warehouse).items() if table != "core__transactions_judged"}

    def changed_by_building_both() -> set[str]:
        """The tables that changed; they are what a whole build makes, and none was made as a whole."""
        before = staged(warehouse)
        warehouse.build(*STAGING)
        whole.build("--full-refresh", *STAGING)
        assert staged(warehouse) == staged(whole)
        assert made.items() <= made_at(warehouse).items()
        return {table for table, content in staged(warehouse).items() if content != before[table]}

    # late files: rows again, versions that contradict each other, lesser roles, strangers, values that are no values
    numbered = "(select *, hash(landed) as n from read_parquet('{}') as landed)"
    write(
        f"select * exclude (n) replace (if(n % 5 = 1, market_value + 1, market_value) as market_value,"
        f" if(n % 5 = 2, 'nobody', customer_id) as customer_id)"
        f" from {numbered.format(positions[0])} where n % 5 < 3",
        late_positions := positions[0].with_name("late.parquet"),
    )
    write(
        f"select * exclude (n) replace (if(n % 3 = 1, 'authorised', role) as role) from {numbered.format(holders[0])}"
        " where n % 3 < 2",
        late_holders := holders[0].with_name("late.parquet"),
    )
    write(
        "select * exclude (n) replace (if(n % 3 = 1, 'no such class', five_class_code) as five_class_code)"
        f" from {numbered.format(loan_positions[0])} where n % 3 < 2",
        loan_positions[0].with_name("late.parquet"),
    )
    assert changed_by_building_both() >= {
        "wealth__positions_judged",
        "core__account_holders_judged",
        "lending__loan_positions_judged",
        "quarantined_rows",
    }

    # customers are gone, and with them what was theirs
    all_customers = customers[0].read_bytes()
    header, *lines = all_customers.splitlines(keepends=True)
    customers[0].write_bytes(header + b"".join(lines[len(lines) // 10 :]))
    orphaned = changed_by_building_both()
    assert orphaned >= {"core__customers_judged", "wealth__positions_judged", "core__account_holders_judged"}

    # they come again, late files go, and a file is delivered again without some of its rows
    customers[0].write_bytes(all_customers)
    late_positions.unlink()
    late_holders.unlink()
    write(f"select * from read_parquet('{positions[1]}') where hash(customer_id) % 3 > 0", tmp_path / "x.parquet")
    shutil.move(tmp_path / "x.parquet", positions[1])
    assert changed_by_building_both() >= orphaned


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
