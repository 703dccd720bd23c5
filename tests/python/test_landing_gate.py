"""The gate refuses every landing whose structure is broken, and says where and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from landing_faults import BAD_LANDINGS, ROW_3, SECRET_ROW, Bad, parts
from landing_files import (
    HOLDERS,
    HOLDERS_HEADER,
    PERSONAL,
    column_names,
    csv_text,
    land_required,
    write,
)

from scripts.landing import csv_file, gate
from scripts.landing.gate import inspect_landing, list_ignored
from scripts.landing.landed import LandedTable, LandingError
from scripts.settings import PROJECT


@pytest.mark.parametrize("bad", BAD_LANDINGS, ids=lambda bad: bad.name)
def test_broken_landing_is_refused_with_a_useful_message(
    bad: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    landing = land_required(tmp_path / "landing")
    bad.break_landing(landing)
    monkeypatch.setenv("DEPOSITS_LANDING", str(landing))

    assert gate.main() == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Problems: 1" in printed.err
    assert PERSONAL not in printed.err
    for part in bad.message:
        assert part in printed.err


def test_missing_landing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"no such folder\. Set DEPOSITS_LANDING"):
        inspect_landing(tmp_path / "nothing")


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    landing = land_required(tmp_path)
    (landing / "core/accounts.csv").unlink()
    write(landing, HOLDERS, "account_id,role,role,customer_id\n")
    write(landing, "core/customers.csv", b"\xff")

    with pytest.raises(LandingError) as refused:
        inspect_landing(landing)

    places = [(problem.file, problem.column) for problem in refused.value.problems]
    assert places == [
        ("core/accounts.parquet or core/accounts.csv", None),
        ("core/customers.csv", None),
        (HOLDERS, "role"),
        (HOLDERS, "ownership_share"),
    ]


def test_endless_field_is_an_unclosed_quote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_CHARACTERS", 1000)
    landing = land_required(tmp_path)
    write(landing, HOLDERS, f'{ROW_3}"{SECRET_ROW * 99}')

    with pytest.raises(LandingError, match=r"row 3: .* begins on line 4 opens a quote that is never closed"):
        inspect_landing(landing)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_refused(tmp_path: Path) -> None:
    landing = land_required(tmp_path)
    (landing / HOLDERS).chmod(0)

    with pytest.raises(LandingError, match="Permission denied"):
        inspect_landing(landing)


def test_command_prints_no_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "DEPOSITS_LANDING": str(tmp_path)}
    command = [sys.executable, "-m", "scripts.landing.gate"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "Problems: 4" in done.stderr
    assert "Traceback" not in done.stderr


def landed(landing: Path, name: str) -> LandedTable:
    return next(table for table in inspect_landing(landing) if table.contract.name == name)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(csv_text("account_holders"), id="plain"),
        pytest.param("\ufeff" + csv_text("account_holders", delimiter=";"), id="byte order mark, semicolons"),
        pytest.param(csv_text("account_holders", line_end="\r\n"), id="CR LF"),
        pytest.param(csv_text("account_holders", line_end="\r"), id="CR"),
        pytest.param(csv_text("account_holders").rstrip("\n"), id="no last line end"),
        pytest.param(csv_text("account_holders").replace("\n", "\n\n \r\n"), id="empty lines, mixed ends"),
        pytest.param("\n\n" + csv_text("account_holders"), id="empty lines before the header"),
        pytest.param(f'{HOLDERS_HEADER}\n"a\r\nb","c ""d"" ;","",\n, "x, y",,\n', id="quotes"),
        pytest.param(f"{HOLDERS_HEADER},,\n1,2,3,4,,\n1,2,3,4,,\n", id="columns without a name"),
        pytest.param(f'" Account_ID","customer_id\t",ROLE,ownership_share\n{SECRET_ROW * 2}', id="odd names"),
        pytest.param(f"{HOLDERS_HEADER}\n1\n1,2,3,4,5,6\n", id="rows of a wrong width"),
    ],
)
def test_every_dialect_of_the_contract_is_accepted(content: str, tmp_path: Path) -> None:
    write(land_required(tmp_path), HOLDERS, content)

    assert landed(tmp_path, "account_holders").row_count == 2


def test_header_alone_is_no_rows(tmp_path: Path) -> None:
    write(land_required(tmp_path), HOLDERS, HOLDERS_HEADER)

    assert landed(tmp_path, "account_holders").row_count == 0


def test_optional_tables_and_columns_may_be_absent(tmp_path: Path) -> None:
    header = [name for name in column_names("transactions") if name != "balance_after"]
    write(land_required(tmp_path), "core/transactions.csv", ",".join(header))
    (tmp_path / "crm" / "consents").mkdir(parents=True)

    transactions = landed(tmp_path, "transactions")
    assert not transactions.is_column_landed("balance_after")
    assert transactions.is_column_landed("amount")
    assert landed(tmp_path, "consents").files == ()


def test_parts_are_matched_by_name_and_listed_in_order(tmp_path: Path) -> None:
    land_required(tmp_path)
    parts(ROW_3, f"Note;ownership_share;role;customer_id;account_id\n\n{PERSONAL};1;owner;b;a\n")(tmp_path)
    write(tmp_path, "core/account_holders/_SUCCESS", b"")
    write(tmp_path, "core/account_holders/._part-0.csv", b"\x00\x05")

    table = landed(tmp_path, "account_holders")

    assert [file.name for file in table.files] == [
        "core/account_holders/part-0.csv",
        "core/account_holders/part-1.csv",
    ]
    assert table.row_count == 3
    assert table.extra_columns == ["Note"]


def test_links_are_followed(tmp_path: Path) -> None:
    landing, elsewhere = land_required(tmp_path / "landing"), tmp_path / "elsewhere"
    write(elsewhere, "holders/a.csv", ROW_3)
    (landing / HOLDERS).unlink()
    (landing / "core/account_holders").symlink_to(elsewhere / "holders", target_is_directory=True)
    (landing / "core").rename(elsewhere / "core")
    (landing / "core").symlink_to(elsewhere / "core", target_is_directory=True)

    assert landed(landing, "account_holders").row_count == 2


def test_other_files_are_ignored_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    land_required(tmp_path)
    write(tmp_path, "README.md", "x")
    write(tmp_path, "hr/staff.csv", "x")
    write(tmp_path, "core/customers.csv.bak", "x")
    write(tmp_path, HOLDERS, f"{HOLDERS_HEADER},Note,\n")
    monkeypatch.setenv("DEPOSITS_LANDING", str(tmp_path))

    assert list_ignored(tmp_path) == ["README.md", "hr", "core/customers.csv.bak"]
    assert gate.main() == 0
    printed = capsys.readouterr().out.splitlines()
    assert "core.account_holders: 0 rows in 1 file(s); ignored columns: (unnamed), Note" in printed
    assert "core.customers: 2 rows in 1 file(s)" in printed
    assert "crm.consents: absent" in printed
    assert "ignored: hr" in printed
