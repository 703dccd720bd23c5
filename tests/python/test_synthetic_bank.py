"""The synthetic bank: it keeps the landing contract, is reproducible, and its accounts add up."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from scripts.landing.synthetic import codes
from scripts.landing.synthetic.__main__ import main
from scripts.landing.synthetic.layout import forms
from scripts.landing.synthetic.months import Calendar, add_months, day_number, iso
from scripts.landing.synthetic.randomness import Draws, element
from scripts.landing.synthetic.schema import TABLES
from scripts.landing.synthetic.truth import Manifest

ROOT = Path(__file__).resolve().parents[2]
REAL = "try_cast(substr(transaction_id, 14) as integer) < 5000"
"""Transactions of the ledger; planted extra rows have higher running numbers."""
DEMO = ("--customers", "5000", "--months", "24")
SMALL = ("--customers", "300", "--months", "6")


LATE_KINDS = (
    "late transaction of",
    "corrected amount of",
    "late reversal",
    "same stamp, other amount",
    "late account opened",
    "awaited account",
    "closed on",
    "joint holder after all",
    "corrected version",
    "before the first one",
    "arrears",
    "late position",
    "consent withdrawn",
    "judgement valid",
)


@dataclass(frozen=True)
class Bank:
    """A generated bank."""

    landing: Path
    truth: Path

    @property
    def manifest(self) -> Manifest:
        return Manifest.read(self.truth)

    def files(self) -> dict[str, bytes]:
        """Content of every landed file."""
        return {
            str(path.relative_to(self.landing)): path.read_bytes()
            for path in sorted(self.landing.rglob("*"))
            if path.is_file()
        }

    def table_files(self, table: str) -> list[Path]:
        """Files of a table."""
        source, name = table.split(".")
        folder = self.landing / source / name
        return sorted(folder.iterdir()) if folder.is_dir() else sorted((self.landing / source).glob(f"{name}.*"))

    def rows(self, table: str) -> Counter[tuple[str, ...]]:
        """All rows of a table as text, with their number."""
        result: Counter[tuple[str, ...]] = Counter()
        for path in self.table_files(table):
            if path.suffix == ".parquet":
                columns = [column.to_pylist() for column in pq.read_table(path).columns]
                result.update(zip(*[[str(value) for value in column] for column in columns], strict=True))
            else:
                result.update(tuple(row) for row in csv_rows(path, table)[1:])
        return result

    def count(self, table: str) -> int:
        """Rows of a table, wherever they land."""
        return sum(
            pq.read_metadata(path).num_rows if path.suffix == ".parquet" else len(csv_rows(path, table)) - 1
            for path in self.table_files(table)
        )


def csv_rows(path: Path, table: str) -> list[list[str]]:
    """Rows of a CSV file, its header first."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=forms("parquet")[table].delimiter))


def generate(folder: Path, *arguments: str) -> Bank:
    bank = Bank(folder / "landing", folder / "truth")
    assert main(["--landing", str(bank.landing), "--truth", str(bank.truth), *arguments]) == 0
    return bank


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return generate(tmp_path_factory.mktemp("demo"), *DEMO)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return generate(tmp_path_factory.mktemp("small"), *SMALL)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return generate(tmp_path_factory.mktemp("text"), "--customers", "1500", "--months", "12", "--format", "csv")


@pytest.fixture(scope="module")
def db(demo: Bank) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's ledger: `ledger` (real rows, newest version), `account` (newest version), `truth`."""
    connection = duckdb.connect()
    landing = demo.landing
    connection.execute(f"""
        create table ledger as
        select * exclude (direction, transaction_code),
            lower(trim(direction)) as direction, lower(trim(transaction_code)) as transaction_code,
            case when lower(trim(direction)) = 'credit' then amount else -amount end as signed,
            cast(booked_at as date) as booked_date,
            cast(substr(account_id, 2, 8) as integer) as customer
        from read_parquet('{landing}/core/transactions/*.parquet')
        where {REAL}
        qualify row_number() over (partition by transaction_id order by loaded_at desc) = 1;
        create table account as
        select *, cast(substr(account_id, 2, 8) as integer) as customer
        from read_parquet('{landing}/core/accounts/*.parquet')
        where account_id like 'A%' and opened_date is not null and product_code <> 'gold_vault'
            and (closed_date is null or closed_date >= opened_date)
        qualify row_number() over (partition by account_id order by updated_at desc) = 1;
        create table truth as
        select *, cast(substr(customer_id, 2) as integer) as customer
        from read_parquet('{demo.truth}/customers.parquet')
    """)
    yield connection
    connection.close()


def one(db: duckdb.DuckDBPyConnection, query: str) -> object:
    """The only value of a query."""
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]


# --- the contract -----------------------------------------------------------------------------------------


def contract() -> dict[str, dict[str, str]]:
    """Columns and types of the source YAMLs."""
    result = {}
    for path in (ROOT / "models" / "staging").glob("*/_*__sources.yml"):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            if source["name"] == "landing":
                continue  # the project's own bookkeeping, not landed
            for table in source["tables"]:
                landed = [column for column in table["columns"] if "is_added" not in str(column.get("config"))]
                columns = {column["name"]: column["data_type"] for column in landed}
                result[f"{source['name']}.{table['name']}"] = columns
    return result


_TYPES = {
    "varchar": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
    "double": pa.float64(),
}


def test_schema_is_the_contract() -> None:
    declared = contract()
    assert set(TABLES) == set(declared)
    for table, schema in TABLES.items():
        assert schema.names == list(declared[table]), table
        for field in schema:
            kind = declared[table][field.name]
            if kind.startswith("decimal"):
                precision, scale = kind.removeprefix("decimal(").rstrip(")").split(",")
                assert field.type == pa.decimal128(int(precision), int(scale)), (table, field.name)
            else:
                assert field.type == _TYPES[kind], (table, field.name)


def test_every_table_lands_with_its_columns_and_types(demo: Bank) -> None:
    for table, schema in TABLES.items():
        files = demo.table_files(table)
        assert files, table
        assert len({path.suffix for path in files}) == 1, table
        for path in files:
            if path.suffix == ".parquet":
                landed = pq.read_schema(path)
                assert landed.names == schema.names, path
                assert landed.types == schema.types, path
            else:
                header = [name.lower() for name in csv_rows(path, table)[0]]
                assert header[: len(schema.names)] == schema.names, path


def test_landing_holds_the_contract_and_nothing_else(demo: Bank) -> None:
    names = {".".join(Path(name).with_suffix("").parts[:2]) for name in demo.files()}
    assert names == set(TABLES)


def test_forms_are_mixed(demo: Bank) -> None:
    first = (demo.landing / "core" / "customers" / "2024-01.csv").read_bytes()
    assert first.startswith(b"\xef\xbb\xbfcustomer_id;")
    assert b"\r\n" in (demo.landing / "crm" / "judgements.csv").read_bytes()
    assert (demo.landing / "crm" / "consents.csv").read_bytes().startswith(b"CUSTOMER_ID,")
    assert (demo.landing / "core" / "transactions" / "2025-12.parquet").exists()


def test_csv_format_has_no_parquet(text: Bank) -> None:
    assert {Path(name).suffix for name in text.files()} == {".csv"}
    planted = text.manifest.planted
    for kind in ("bad_date", "bad_number", "wrong_width"):
        assert planted[f"core.transactions: {kind}"] > 0, kind
    header = csv_rows(text.table_files("core.transactions")[0], "core.transactions")[0]
    assert header == TABLES["core.transactions"].names


# --- reproducibility --------------------------------------------------------------------------------------


def test_same_seed_same_bytes(small: Bank, tmp_path: Path) -> None:
    assert generate(tmp_path, *SMALL).files() == small.files()


def test_another_seed_another_bank(small: Bank, tmp_path: Path) -> None:
    other = generate(tmp_path, *SMALL, "--seed", "7")
    assert other.rows("core.transactions") != small.rows("core.transactions")


def test_block_size_changes_nothing(small: Bank, tmp_path: Path) -> None:
    other = generate(tmp_path, *SMALL, "--block-size", "53")
    for table in TABLES:
        assert other.rows(table) == small.rows(table), table
    assert other.manifest.planted == small.manifest.planted
    assert pq.read_table(other.truth / "customers.parquet").equals(pq.read_table(small.truth / "customers.parquet"))


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_next_month_only_appends(tmp_path: Path, form: str) -> None:
    arguments = ("--customers", "300", "--format", form)
    bank = generate(tmp_path / "grown", *arguments, "--months", "6")
    before = bank.files()
    assert main(["--landing", str(bank.landing), "--truth", str(bank.truth), "--change", "next-month"]) == 0
    whole = generate(tmp_path / "whole", *arguments, "--months", "7")
    for table in TABLES:
        assert bank.rows(table) == whole.rows(table), table
    assert bank.manifest.rows == whole.manifest.rows
    assert bank.manifest.planted == whole.manifest.planted
    assert bank.manifest.changes == ["next-month"]
    after = bank.files()
    for name, content in before.items():
        if name.endswith(".csv"):
            assert after[name].startswith(content), name
        elif "2024-" in name:
            assert after[name] == content, name


def test_draws_are_stateless_and_uniform() -> None:
    draws = Draws(1)
    addresses = element(np.arange(200_000))
    uniform = draws.uniform("a", addresses, 3)
    assert (uniform[500:600] == draws.uniform("a", addresses[500:600], 3)).all()
    assert abs(uniform.mean() - 0.5) < 0.003 and uniform.min() > 0 and uniform.max() < 1
    assert abs(np.corrcoef(uniform, draws.uniform("b", addresses, 3))[0, 1]) < 0.01
    assert abs(np.corrcoef(uniform[1:], uniform[:-1])[0, 1]) < 0.01
    normal = draws.normal("a", addresses)
    assert abs(normal.mean()) < 0.01 and abs(normal.std() - 1) < 0.01
    for mean in (0.3, 4.0, 30.0):
        counts = draws.poisson("p", addresses, np.full(len(addresses), mean))
        assert abs(counts.mean() - mean) < 0.05 and abs(counts.var() / mean - 1) < 0.05


def test_months_are_calendar_months() -> None:
    days = np.array([day_number("2024-01-31"), day_number("2023-11-30"), day_number("2024-02-29")])
    assert [iso(day) for day in add_months(days, np.array([1, 3, -12]))] == ["2024-02-29", "2024-02-29", "2023-02-28"]
    calendar = Calendar("2023-12")
    assert (calendar.label(1), calendar.compact(1), calendar.length(2), calendar.month_of_year(0)) == (
        "2024-01",
        2401,
        29,
        12,
    )


# --- the accounts -----------------------------------------------------------------------------------------


def test_balance_after_is_the_running_ledger(db: duckdb.DuckDBPyConnection) -> None:
    wrong = one(
        db,
        """
        with running as (
            select l.balance_after, a.opening_balance,
                sum(l.signed) over (
                    partition by l.account_id order by l.booked_at, l.transaction_id
                    rows between unbounded preceding and current row
                ) as moved,
                count(*) over (partition by l.account_id, l.booked_at) as at_once
            from ledger as l inner join account as a using (account_id)
        )
        select count(*) from running where at_once = 1 and balance_after <> coalesce(opening_balance, 0) + moved
    """,
    )
    assert wrong == 0
    assert one(db, "select count(*) from ledger where account_id not in (select account_id from account)") == 0


def test_nothing_is_booked_outside_an_account(db: duckdb.DuckDBPyConnection) -> None:
    assert (
        one(
            db,
            """
        select count(*) from ledger inner join account using (account_id)
        where booked_date < opened_date or booked_date > closed_date or booked_at > loaded_at
    """,
        )
        == 0
    )
    assert one(db, "select count(*) from ledger where amount <= 0") == 0


def test_closed_accounts_end_at_zero(db: duckdb.DuckDBPyConnection) -> None:
    assert (
        one(
            db,
            """
        select count(*) from (
            select any_value(coalesce(opening_balance, 0)) + coalesce(sum(signed), 0) as balance
            from account left join ledger using (account_id)
            where closed_date is not null group by account_id
        ) where balance <> 0
    """,
        )
        == 0
    )
    assert one(db, "select count(*) from account where closed_date is not null") > 500


def test_transfers_between_own_accounts_have_both_legs(db: duckdb.DuckDBPyConnection) -> None:
    for code in ("term_placement", "term_payout", "own_transfer"):
        assert (
            one(
                db,
                f"""
            with legs as (
                select customer, sum(signed) as left_over from ledger inner join account using (account_id, customer)
                where transaction_code = '{code}' and reverses_transaction_id is null
                    and customer not in (select customer from account where currency_code <> 'CNY')
                group by all
            )
            select count(*) from legs where left_over <> 0
        """,
            )
            == 0
        ), code


def test_balances_are_rarely_negative(db: duckdb.DuckDBPyConnection) -> None:
    share = one(db, "select avg(cast(balance_after < 0 as integer)) from ledger")
    assert 0.001 < share < 0.03
    others = one(
        db,
        """
        select count(*) from ledger inner join account using (account_id)
        where balance_after < 0 and product_code not in ('savings_deposit', 'demand_deposit')
    """,
    )
    assert others == 0


def test_reversals_fit_what_they_reverse(db: duckdb.DuckDBPyConnection) -> None:
    kinds = db.execute("""
        select
            count(*) filter (where o.transaction_id is null) as unlanded,
            count(*) filter (where date_trunc('month', o.booked_at) = date_trunc('month', r.booked_at)) as same_month,
            count(*) filter (where date_trunc('month', o.booked_at) < date_trunc('month', r.booked_at)) as later,
            count(*) filter (where r.amount < o.amount) as partial,
            count(*) filter (where r.again > 1) as second_one,
            count(*) filter (where o.direction = r.direction or r.amount > o.amount or o.account_id <> r.account_id
                or o.booked_at > r.booked_at or o.transaction_code = 'reversal') as wrong
        from (
            select *, row_number() over (partition by reverses_transaction_id order by booked_at) as again
            from ledger where reverses_transaction_id is not null
        ) as r left join ledger as o on o.transaction_id = r.reverses_transaction_id
    """).fetchone()
    *present, wrong = kinds
    assert all(count > 0 for count in present), kinds
    assert wrong == 0


def test_terms_roll_leave_break_and_wait(db: duckdb.DuckDBPyConnection) -> None:
    kinds = db.execute("""
        select
            count(*) filter (where auto_renew and (closed_date is null or closed_date > maturity_date)
                and maturity_date < date '2025-12-01') as rolled,
            count(*) filter (where closed_date = maturity_date) as paid_out,
            count(*) filter (where closed_date < maturity_date) as broken,
            count(*) filter (where not auto_renew and closed_date > maturity_date) as waited
        from account where term_months is not null
    """).fetchone()
    assert all(count > 5 for count in kinds), kinds


# --- the phenomena ----------------------------------------------------------------------------------------


def test_every_canonical_code_is_used(demo: Bank, db: duckdb.DuckDBPyConnection) -> None:
    def used(table: str, column: str) -> set[str]:
        at = TABLES[table].names.index(column)
        return {row[at].strip().lower() for row in demo.rows(table) if len(row) > at}

    def ledger(column: str) -> set[str]:
        return {row[0] for row in db.execute(f"select distinct lower({column}) from ledger").fetchall()}

    products = used("core.accounts", "product_code") | used("wealth.positions", "product_code")
    products |= used("lending.loans", "product_code")
    expected = {
        "transaction_code": (codes.TRANSACTION_CODES, ledger("transaction_code")),
        "channel": (codes.CHANNELS, ledger("channel_code")),
        "product": ((*codes.DEPOSIT_PRODUCTS, *codes.WEALTH_PRODUCTS, *codes.LOAN_PRODUCTS), products),
        "role": (codes.ROLES, used("core.account_holders", "role")),
        "gender": (codes.GENDERS, used("core.customers", "gender")),
        "document": (codes.DOCUMENT_TYPES, used("core.customers", "id_document_type")),
        "education": (codes.EDUCATIONS, used("core.customers", "education_code")),
        "marital": (codes.MARITAL_STATUSES, used("core.customers", "marital_status")),
        "occupation": (codes.OCCUPATIONS, used("core.customers", "occupation_code")),
        "industry": (codes.INDUSTRIES, used("core.customers", "industry_code")),
        "size": (codes.ENTERPRISE_SIZES, used("core.customers", "enterprise_size_code")),
        "rating": (codes.RATINGS, used("lending.credit_ratings", "rating_code")),
        "five_class": ("12345", used("lending.loan_positions", "five_class_code")),
        "risk_level": (codes.RISK_LEVELS, used("wealth.risk_assessments", "risk_level")),
        "consent": (codes.CONSENTS, used("crm.consents", "consent_code")),
        "interaction": (codes.INTERACTIONS, used("crm.interactions", "interaction_type")),
        "outcome": (codes.OUTCOMES, used("crm.interactions", "outcome_code")),
        "dimension": (("value_tier", "need", "activity", "class"), used("crm.judgements", "dimension")),
        "curve": (("ftp", "policy"), used("market.interest_rates", "curve_code")),
        "currency": (codes.CURRENCIES, used("core.accounts", "currency_code")),
    }
    for name, (wanted, found) in expected.items():
        assert {code.lower() for code in wanted} <= found, (name, {code.lower() for code in wanted} - found)


def test_seeds_know_no_other_codes() -> None:
    """When the project's seeds are there, the generator knows exactly their transaction, channel and product codes."""
    lists = {
        "transaction_codes.csv": codes.TRANSACTION_CODES,
        "channel_codes.csv": codes.CHANNELS,
        "product_codes.csv": (*codes.DEPOSIT_PRODUCTS, *codes.WEALTH_PRODUCTS, *codes.LOAN_PRODUCTS),
    }
    for name, known in lists.items():
        for path in (ROOT / "seeds").rglob(name):
            rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
            assert {next(iter(row.values())) for row in rows} == set(known), path


def test_dirt_is_there_and_small(demo: Bank) -> None:
    manifest = demo.manifest
    harmless = {
        "resend",
        "older_version",
        "odd_case",
        "padded",
        "nulled",
        "spelled",
        "offset",
        "day_only",
        "exponent",
        "date_as_timestamp",
        "no_account",
        "awaited_account",
    }
    kinds = {name.split(": ")[1] for name in manifest.planted}
    assert {
        "wrong_width",
        "missing_key",
        "missing_value",
        "bad_date",
        "bad_number",
        "bad_boolean",
        "out_of_range",
        "non_positive_amount",
        "impossible_date",
        "unknown_code",
        "unknown_currency",
        "version_conflict",
        "orphan",
        "bad_reversal",
    } | harmless <= kinds
    for table, rows in manifest.rows.items():
        rejected = sum(
            count
            for name, count in manifest.planted.items()
            if name.startswith(f"{table}: ") and name.split(": ")[1] not in harmless
        )
        assert rejected < max(0.008 * rows, 15), table


def test_planted_counts_are_what_landed(demo: Bank) -> None:
    planted = demo.manifest.planted
    resent, without_key, not_positive = duckdb.execute(f"""
        select count(*) - count(distinct transactions), count(*) filter (where transaction_id is null),
            count(*) filter (where amount <= 0)
        from read_parquet('{demo.landing}/core/transactions/*.parquet') as transactions
    """).fetchone()
    assert resent == planted["core.transactions: resend"]
    assert without_key == planted["core.transactions: missing_key"]
    assert not_positive == planted["core.transactions: non_positive_amount"]
    short = sum(len(row) < len(TABLES["crm.consents"].names) for row in demo.rows("crm.consents").elements())
    assert short == planted["crm.consents: wrong_width"]


def test_rows_are_counted(demo: Bank) -> None:
    for table, count in demo.manifest.rows.items():
        assert demo.count(table) == count, table


def test_identities_are_synthetic(demo: Bank) -> None:
    at = {name: place for place, name in enumerate(TABLES["core.customers"].names)}
    placeholders = {"N/A", "none", "000000", " Unknown ", "TEST", ""}
    for row in demo.rows("core.customers"):
        if len(row) < len(at):
            continue
        name = row[at["full_name"]].strip()
        assert name.startswith(("Synthetic Person ", "Synthetic Company ", "合成客户")), name
        assert row[at["email"]].endswith("@example.com")
        assert row[at["phone"]].startswith("+44 7700 900")
        document = row[at["id_document_number"]]
        assert document in placeholders or document.upper().startswith("SYN"), document


def test_duplicate_parties_share_a_document(demo: Bank) -> None:
    at = {name: place for place, name in enumerate(TABLES["core.customers"].names)}
    known = {
        row[0]: ("".join(c for c in row[at["id_document_number"]].upper() if c.isalnum()), row[at["birth_date"]])
        for row in demo.rows("core.customers")
        if len(row) == len(at)
    }
    truth = pq.read_table(demo.truth / "customers.parquet").to_pylist()
    duplicates = [row for row in truth if row["duplicate_of"]]
    blocked = [row for row in duplicates if row["is_merge_blocked"]]
    assert len(duplicates) > 10 and blocked
    same = [known[row["customer_id"]][0] == known[row["duplicate_of"]][0] for row in duplicates]
    assert np.mean(same) > 0.9  # the original may have a placeholder or no document at all
    for row in blocked:
        assert known[row["customer_id"]][1] != known[row["duplicate_of"]][1]


def test_value_tiers_are_populated(demo: Bank, db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create or replace table final as
        with deposits as (
            select a.customer, sum(coalesce(a.opening_balance, 0) + coalesce(l.moved, 0)) as balance
            from account as a left join (select account_id, sum(signed) as moved from ledger group by all) as l
                using (account_id)
            where a.closed_date is null and a.currency_code = 'CNY' group by all
        ), wealth as (
            select cast(substr(customer_id, 2) as integer) as customer, sum(market_value) as market_value
            from read_parquet('{demo.landing}/wealth/positions/2025-12.parquet')
            where customer_id like 'C000%' and currency_code = 'CNY' group by all
        )
        select customer, balance + coalesce(market_value, 0) as aum from deposits left join wealth using (customer)
    """)
    low, high = db.execute("""
        select avg(cast(aum < 50000 as integer)), avg(cast(aum >= 500000 as integer)) from final
    """).fetchone()
    assert 0.58 < low < 0.74
    assert 0.04 < high < 0.1


def test_truth_shows_but_not_perfectly(demo: Bank, db: duckdb.DuckDBPyConnection) -> None:
    """Churners' activity falls, most of them keep less than half; some who stay lose as much."""
    left, stayed = db.execute("""
        with counts as (
            select t.customer, t.churn_start_month,
                count(*) filter (where l.booked_date < date '2025-01-01') as before,
                count(*) filter (where l.booked_date >= date '2025-07-01') as after
            from truth as t inner join ledger as l using (customer)
            where l.transaction_code in ('card_payment', 'transfer_out', 'bill_payment', 'cash_withdrawal')
                and (t.churn_start_month is null or t.churn_start_month between date '2025-01-01' and date '2025-06-01')
                and t.dormancy_start_month is null and not t.dormant_since_before and t.joined_month is null
            group by all having before >= 12
        )
        select avg(cast(after < 0.25 * before as integer)) filter (where churn_start_month is not null),
            avg(cast(after < 0.25 * before as integer)) filter (where churn_start_month is null)
        from counts
    """).fetchone()
    assert left > 0.7 and 0.01 < stayed < 0.25, (left, stayed)
    assert (
        one(
            db,
            """
        select count(*) from ledger inner join truth using (customer)
        where transaction_code = 'salary' and booked_date >= salary_stop_month
            and (new_employer_month is null or booked_date < new_employer_month)
    """,
        )
        == 0
    )


def test_defaults_follow_the_latent_risk(demo: Bank, db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create or replace table arrears as
        select cast(substr(loan_id, 2, 8) as integer) as customer, max(days_past_due) as worst
        from read_parquet('{demo.landing}/lending/loan_positions/*.parquet')
        where loan_id like 'L0%' and days_past_due >= 0 group by all
    """)
    bad, good = db.execute("""
        select avg(cast(worst > 90 as integer)) filter (where fragility > 0.8),
            avg(cast(worst > 90 as integer)) filter (where fragility < -0.3)
        from arrears inner join truth using (customer)
    """).fetchone()
    assert bad > 3 * good and good > 0, (bad, good)
    assert (
        one(
            db,
            """
        select avg(cast(worst > 60 as integer)) from arrears inner join truth using (customer)
        where default_month < date '2025-07-01'
    """,
        )
        > 0.8
    )


def test_holdout_buys_less(demo: Bank) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    at = {name: place for place, name in enumerate(TABLES["crm.interactions"].names)}
    for row, count in demo.rows("crm.interactions").items():
        if len(row) > at["outcome_code"] and row[at["interaction_type"]] == "offer":
            outcomes[row[at["is_holdout"]], row[at["outcome_code"]]] += count
    rates = {
        group: outcomes[group, "accepted"] / sum(count for (g, _), count in outcomes.items() if g == group)
        for group in ("true", "false")
    }
    assert 0.02 < rates["true"] < 0.7 * rates["false"], rates


# --- changes and the command line -------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_late_facts_only_add(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    bank = generate(tmp_path, "--customers", "700", "--months", "7", "--format", form)
    before, rows = bank.files(), {table: bank.rows(table) for table in TABLES}
    capsys.readouterr()
    for turn in (1, 2):
        assert main(["--landing", str(bank.landing), "--truth", str(bank.truth), "--change", "late-facts"]) == 0
        printed = capsys.readouterr().out
        expected = set(LATE_KINDS) - ({"awaited account"} if turn == 2 else set())  # a small bank awaits only a few
        assert not [what for what in expected if what not in printed], turn
    after = bank.files()
    for name, content in before.items():
        assert after[name].startswith(content), name
    changed = {table: bank.rows(table) - rows[table] for table in TABLES}
    assert not any(rows[table] - bank.rows(table) for table in TABLES)
    ids = [row[0] for row in changed["core.transactions"]]
    older = {row[0] for row in rows["core.transactions"]}
    assert len(set(ids) & older) >= 8  # corrections and contradictions of known transactions
    assert len(set(ids) - older) >= 16
    awaited = {row[0] for row in changed["core.accounts"] if row[0].endswith("900")}
    assert awaited and all(any(row[1] == name for row in rows["core.transactions"]) for name in awaited)
    assert awaited <= {row[0] for row in changed["core.account_holders"]}
    assert bank.manifest.changes == ["late-facts", "late-facts"]
    assert main(["--landing", str(bank.landing), "--truth", str(bank.truth), "--change", "next-month"]) == 0


def test_truth_stays_outside_the_landing(demo: Bank, tmp_path: Path) -> None:
    assert demo.landing not in demo.truth.parents
    assert not any("truth" in name or name.endswith(".json") for name in demo.files())
    with pytest.raises(SystemExit, match="outside"):
        main(["--landing", str(tmp_path / "a"), "--truth", str(tmp_path / "a" / "truth"), *SMALL])
    landed = set().union(*(schema.names for schema in TABLES.values()))
    assert not landed & {"archetype", "quality", "fragility", "churn_start_month", "default_month", "expected_response"}
    manifest = json.loads((demo.truth / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["customers"] == 5000


def test_a_folder_with_other_things_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "thesis.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds files"):
        main(["--landing", str(tmp_path / "landing"), "--truth", str(tmp_path / "truth"), *SMALL])
    assert (tmp_path / "landing" / "thesis.txt").exists()


def test_a_generation_replaces_its_own_landing(tmp_path: Path) -> None:
    few = ("--customers", "200", "--months", "2")
    bank = generate(tmp_path, *few)
    (bank.landing / ".gitkeep").touch()
    files = bank.files()
    assert generate(tmp_path, *few).files() == files
    assert len(generate(tmp_path, "--customers", "200", "--months", "1").files()) < len(files)


def test_an_interrupted_run_is_not_continued(tmp_path: Path) -> None:
    bank = generate(tmp_path, "--customers", "200", "--months", "1")
    replace(bank.manifest, is_complete=False).write(bank.truth)
    with pytest.raises(SystemExit, match="interrupted"):
        main(["--landing", str(bank.landing), "--truth", str(bank.truth), "--change", "late-facts"])


def test_change_needs_the_truth_of_the_run(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"manifest\.json is missing"):
        main(["--landing", str(tmp_path / "l"), "--truth", str(tmp_path / "t"), "--change", "next-month"])


def test_progress_is_quiet_where_nobody_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate(tmp_path, "--customers", "200", "--months", "2")
    lines = capsys.readouterr().err.strip().splitlines()
    assert 1 <= len(lines) <= 10 and lines[-1].startswith("Synthetic bank: 100%")
