"""./scripts/run erase: which rows leave the landed files, what stays to the letter, holds and receipts.

The refresh is stood in for; the whole of it is in tests/privacy.
"""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_builder import LandingBuilder
from refresh_bank import KEY

from scripts.landing.landed import LandedColumn, LandedFile
from scripts.privacy import erase as erasure
from scripts.privacy.erase import main
from scripts.privacy.holds import holds_against
from scripts.privacy.person import FileRows, Person
from scripts.privacy.rewrite import rewrite
from scripts.refresh.outcome import ExitCode
from scripts.refresh.state import hash_key
from scripts.settings import Settings

PERSON = "P1"
OVERRULED = ("--customer-id", PERSON, "--despite-holds", "court order 7")


def bank() -> LandingBuilder:
    """A person with two records, an account of their own and a shared one; others, who book with them."""
    builder = LandingBuilder()
    for customer in (PERSON, "P1-OLD", "C2", "C3"):
        builder.customer(customer, phone="+86 1" if customer == "C3" else None)
    builder.customer(" P1 ", updated_at="2021-01-01 00:00:00", email="p1@home.example")
    builder.account("OWN", owner=PERSON).account("SHARED", owner="C2").account("THEIRS", owner="C3")
    builder.holder("SHARED", "P1-OLD", role="Joint").holder("OWN", "C3", role="authorised")
    builder.holder("THEIRS", PERSON, role="authorised").holder("OWN", "NOBODY", role="joint")
    builder.transaction("OWN", "2024-01-05 10:00:00", "10.00", counterparty_id="THEIRS")
    builder.transaction("SHARED", "2024-01-06 10:00:00", "20.00", counterparty_id="shop; north")
    for day in (7, 8):
        builder.transaction("THEIRS", f"2024-01-0{day} 10:00:00", "30.00", counterparty_id="OWN")
    builder.raw_line("core.transactions", "T9;OWN;2024-01-09 10:00:00")
    builder.raw_line("core.transactions", "T10;THEIRS;;;;;;;;;;;;OWN")
    builder.loan("L1", "P1-OLD").loan_position("L1", "2024-01-31", "0.00")
    builder.loan("L2", "C2").loan_position("L2", "2024-01-31")
    builder.consent("C2", "2024-01-01 00:00:00").judgement(PERSON, "class", "quality")
    return builder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The bank in mixed forms, the quarantine of a last build that merged both records, and no refresh."""
    landing = tmp_path / "landing"
    bank().write(
        landing, delimiter=";", newline="\r\n", encoding="utf-8-sig", parts={"core.account_holders": 2},
        parquet=("core.accounts", "lending.loans"),
    )  # fmt: skip
    found = Settings(landing=landing, home=tmp_path / "home")
    found.quarantine_file.parent.mkdir(parents=True)
    with duckdb.connect(str(found.quarantine_file)) as connection:
        connection.execute("create schema quarantine.quarantine")
        connection.execute("create table quarantine.quarantine.party_members as"
                           " select * from (values ('P1', 'P1'), ('P1-OLD', 'P1'), ('C2', 'C2'))"
                           " as members (customer_id, surviving_customer_id)")  # fmt: skip
    monkeypatch.setenv("DEPOSITS_LANDING", str(landing))
    monkeypatch.setenv("DEPOSITS_HOME", str(found.home))
    monkeypatch.setenv("DEPOSITS_KEY", KEY)

    def publish(_: str | None) -> int:
        release(found, "new", "somebody else")
        return ExitCode.PUBLISHED

    monkeypatch.setattr(erasure, "_publish", publish)
    return found


def release(settings: Settings, name: str, customer_key: str) -> None:
    """A release that knows one customer; it becomes the current one."""
    folder = settings.releases / name
    folder.mkdir(parents=True)
    manifest = {"key_hash": hash_key(settings)} if name != "of another key" else {}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.customer_360_current as select cast(? as varchar) as customer_key",
                           [customer_key])  # fmt: skip
    (settings.releases / "current").unlink(missing_ok=True)
    (settings.releases / "current").symlink_to(name)


def content(landing: Path) -> dict[str, bytes]:
    return {str(path.relative_to(landing)): path.read_bytes() for path in sorted(landing.rglob("*.*"))}


def test_the_person_leaves_every_file_and_the_others_stay_to_the_letter(settings, capsys):
    (key,) = erasure.customer_keys(settings, {"P1-OLD"})
    release(settings, "old", key)
    release(settings, "older", "somebody else")
    release(settings, "of another key", "who knows")
    before = content(settings.landing)
    assert main([*OVERRULED]) == 0, capsys.readouterr().err
    after = content(settings.landing)
    assert after.keys() == before.keys()
    for name in ("core/transactions.csv", "core/customers.csv", "crm/judgements.csv"):
        kept = [line for line in before[name].splitlines(True) if not line.startswith((b"P1", b" P1", b"T1;", b"T9;"))]
        assert after[name].startswith(b"\xef\xbb\xbf")
        same = [line for line in after[name].splitlines(True) if b"erased-" not in line]
        assert same == [line for line in kept if not line.startswith((b"T3;", b"T4;", b"T10;"))], name
    tokens = {line.split(b'";"')[7] for line in after["core/transactions.csv"].splitlines() if b"erased-" in line}
    assert len(tokens) == 1, "one counterparty remains one counterparty"
    holders = after["core/account_holders/part-0.csv"] + after["core/account_holders/part-1.csv"]
    assert b"SHARED;C2" in holders and b"THEIRS;C3" in holders
    assert b"P1" not in holders and b"OWN;" not in holders
    accounts = pq.read_table(settings.landing / "core" / "accounts.parquet")
    assert accounts["account_id"].to_pylist() == ["SHARED", "THEIRS"]
    assert pq.read_table(settings.landing / "lending" / "loans.parquet")["loan_id"].to_pylist() == ["L2"]
    assert b"L1" not in after["lending/loan_positions.csv"]
    assert after["crm/consents.csv"] == before["crm/consents.csv"]
    assert not settings.quarantine_file.exists()
    assert sorted(path.name for path in settings.releases.iterdir()) == ["current", "new", "older"]


def test_the_receipt_says_what_and_where_and_nobody_s_number(settings):
    main([*OVERRULED, "--by", "steward"])
    (file,) = (settings.home / "erasures").iterdir()
    receipt = json.loads(file.read_text(encoding="utf-8"))
    assert receipt["keys"] == sorted(erasure.customer_keys(settings, {"P1", "P1-OLD"}))
    assert receipt["rows_removed"]["core/customers.csv"] == 3
    assert receipt["rows_removed"]["core/transactions.csv"] == 3
    assert receipt["rows_pseudonymised"] == {"core/transactions.csv": 2}
    assert (receipt["by"], receipt["shared_account_count"]) == ("steward", 1)
    assert len(receipt["holds_overruled"]) == 1 and receipt["reason_despite_holds"] == "court order 7"
    assert receipt["published_release"] == "new"
    assert not [number for number in ("P1", "OWN", "SHARED", "L1") if f'"{number}' in file.read_text(encoding="utf-8")]
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_second_run_finds_nothing_and_writes_no_receipt(settings, capsys):
    main([*OVERRULED])
    before = content(settings.landing)
    assert main([*OVERRULED]) == 0
    assert "There is nothing of this customer" in capsys.readouterr().out
    assert content(settings.landing) == before
    assert len(list((settings.home / "erasures").iterdir())) == 1


def test_an_erasure_that_was_cut_off_is_completed(settings, monkeypatch):
    """Between two files, and before the new release: the customer's own record goes last."""
    rewritten = []

    def crashing(file, *arguments):
        if len(rewritten) == 4:
            raise OSError(28, "No space left on device", file.name)
        rewritten.append(file.name)
        return rewrite(file, *arguments)

    rewrite = erasure.rewrite
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "rewrite", crashing)
        assert main([*OVERRULED]) == ExitCode.UNEXPECTED
    assert "core/customers.csv" not in rewritten
    (key,) = erasure.customer_keys(settings, {PERSON})
    release(settings, "old", key)
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "_publish", lambda _: ExitCode.BUILD)
        assert main([*OVERRULED]) == ExitCode.BUILD
    assert (settings.releases / "old").exists()
    assert main([*OVERRULED]) == 0
    assert not (settings.releases / "old").exists()
    assert not [name for name, text in content(settings.landing).items() if b"P1" in text or b"OWN;" in text]


def test_dry_run_and_holds_change_nothing(settings, capsys):
    before = content(settings.landing)
    assert main(["--customer-id", PERSON, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "2 customer number(s), 1 account(s)" in said and "core/customers.csv: 3 rows removed" in said
    assert main(["--customer-id", PERSON]) == ExitCode.USAGE
    assert "An account of the person alone is still open" in capsys.readouterr().err
    assert content(settings.landing) == before
    assert not (settings.home / "erasures").exists()


def test_a_quarantine_in_use_is_named(settings, capsys):
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(settings.quarantine_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        assert main([*OVERRULED]) == ExitCode.IN_USE
        holder.stdin.close()
    assert f"in use by process {holder.pid}" in capsys.readouterr().err


def test_persons_of_a_file_are_erased_all_or_none(settings, tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("NOBODY-KNOWN\nC3\nC2\n", encoding="utf-8")
    before = content(settings.landing)
    assert main(["--from-file", str(names)]) == ExitCode.USAGE
    assert content(settings.landing) == before
    assert main(["--from-file", str(names), "--despite-holds", "both asked"]) == 0, capsys.readouterr().err
    assert len(list((settings.home / "erasures").iterdir())) == 2
    customers = (settings.landing / "core" / "customers.csv").read_bytes()
    assert b"C2" not in customers and b"C3" not in customers and b"P1-OLD" in customers


@pytest.mark.parametrize(
    ("person", "holds"),
    [
        (Person(set()), 0),
        (Person(set(), open_account_count=1), 1),
        (Person(set(), open_loan_count=1, last_closed_date=date(2024, 2, 1)), 2),
        (Person(set(), last_closed_date=date(2021, 1, 16)), 1),
        (Person(set(), last_closed_date=date(2021, 1, 15)), 0),
    ],
)
def test_holds_are_the_seed_s(person, holds):
    assert len(holds_against(person, date(2026, 1, 15))) == holds


def test_a_parquet_file_keeps_its_types_row_groups_and_permissions(settings):
    file = settings.landing / "core" / "accounts.parquet"
    table = pq.read_table(file)
    stamps = pa.array([1, 2, 3], pa.timestamp("us", "Asia/Shanghai"))
    table = table.append_column("note", stamps).set_column(3, "opened_date", pa.array([date(2024, 1, 1)] * 3))
    pq.write_table(table, file, row_group_size=1, compression="zstd")
    file.chmod(0o640)
    main([*OVERRULED])
    after = pq.ParquetFile(file)
    assert after.schema_arrow == table.schema
    assert after.metadata.row_group(0).column(0).compression == "ZSTD"
    assert after.read()["note"].to_pylist() == table["note"].to_pylist()[1:]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("data_type", "values", "token"),
    [
        (pa.string(), ["1", "2", "3"], "token"),
        (pa.dictionary(pa.int32(), pa.string()), ["1", "2", "3"], "token"),
        (pa.binary(), [b"1", b"2", b"3"], b"token"),
        (pa.int64(), [1, 2, 3], None),
    ],
)
def test_a_token_takes_the_type_of_its_column(tmp_path, data_type, values, token):
    file = tmp_path / "transactions.parquet"
    pq.write_table(pa.table({" Counterparty_ID": pa.array(values, data_type)}), file)
    columns = (LandedColumn(" Counterparty_ID", "VARCHAR"),)
    rewrite(LandedFile(file, file.name, columns, 3), FileRows(removed={1}, mentioning={3: "3"}), lambda _: "token")
    after = pq.read_table(file)
    assert after.column(0).to_pylist() == [values[1], token]
    assert after.schema.field(0).type == data_type
