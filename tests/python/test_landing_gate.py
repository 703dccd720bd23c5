"""The gate refuses every landing whose structure is broken, and says where and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from landing_files import (
    PERSONAL,
    column_names,
    csv_text,
    land_required,
    parquet_columns,
    write,
    write_parquet,
)

from scripts.landing import csv_file, gate
from scripts.landing.gate import inspect_landing, list_ignored
from scripts.landing.landed import LandedTable, LandingError
from scripts.settings import PROJECT

HOLDERS = "core/account_holders.csv"
HOLDERS_HEADER = ",".join(column_names("account_holders"))
SECRET_ROW = f"{PERSONAL},{PERSONAL},owner,1\n"


@dataclass(frozen=True)
class Bad:
    """How a good landing is broken, and what each part of the message must say."""

    name: str
    break_landing: Callable[[Path], object]
    message: tuple[str, ...]


def holders(content: str | bytes) -> Callable[[Path], object]:
    return lambda landing: write(landing, HOLDERS, content)


def instead(old: str, new: str, content: str | bytes) -> Callable[[Path], object]:
    def change(landing: Path) -> None:
        (landing / old).unlink()
        write(landing, new, content)

    return change


def parquet(columns: dict[str, pa.Array | list]) -> Callable[[Path], object]:
    def change(landing: Path) -> None:
        (landing / HOLDERS).unlink()
        write_parquet(landing, "core/account_holders.parquet", columns)

    return change


def damaged(first: int, last: int) -> Callable[[Path], object]:
    """A Parquet file with a stretch of its bytes turned over (counted from the end when negative)."""

    def change(landing: Path) -> None:
        parquet(parquet_columns("account_holders", role=["owner"] * 1000))(landing)
        path = landing / "core/account_holders.parquet"
        content = bytearray(path.read_bytes())
        content[first:last] = bytes(255 - byte for byte in content[first:last])
        path.write_bytes(content)

    return change


def cut_short(landing: Path) -> None:
    parquet(parquet_columns("account_holders"))(landing)
    path = landing / "core/account_holders.parquet"
    path.write_bytes(path.read_bytes()[:-20])


def replaced_by_link(landing: Path) -> None:
    (landing / HOLDERS).unlink()
    (landing / HOLDERS).symlink_to(landing / "nowhere.csv")


def replaced_by_folder(landing: Path) -> None:
    (landing / HOLDERS).unlink()
    (landing / HOLDERS).mkdir()


def emptied_folder(landing: Path) -> None:
    (landing / HOLDERS).unlink()
    (landing / "core/account_holders").mkdir()


def parts(*contents: str) -> Callable[[Path], object]:
    def change(landing: Path) -> None:
        (landing / HOLDERS).unlink()
        for number, content in enumerate(contents):
            write(landing, f"core/account_holders/part-{number}.csv", content)

    return change


def not_utf8_strings() -> pa.Array:
    buffers = [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xc0\xd9")]
    return pa.Array.from_buffers(pa.string(), 1, buffers)


def zoned(zone: str) -> pa.Array:
    return pa.array([0], pa.timestamp("us", zone))


ROW_3 = f"{HOLDERS_HEADER}\n{SECRET_ROW}{SECRET_ROW}"
BAD_LANDINGS = [
    Bad("required table absent", lambda landing: (landing / HOLDERS).unlink(),
        ("core/account_holders", "required table core.account_holders is absent", "Land the file")),
    Bad("upper-case file name", instead(HOLDERS, "core/Account_Holders.csv", csv_text("account_holders")),
        ("is absent (found core/Account_Holders.csv: names must be lower case",)),
    Bad("compressed file", instead(HOLDERS, "core/account_holders.csv.gz", b"\x1f\x8b"),
        ("is absent (found core/account_holders.csv.gz",)),
    Bad("empty folder of a required table", emptied_folder,
        ("required table core.account_holders is absent",)),
    Bad("two formats", lambda landing: write_parquet(
            landing, "core/account_holders.parquet", parquet_columns("account_holders")),
        ("core/account_holders.csv, core/account_holders.parquet", "more than one form", "Keep one")),
    Bad("file and folder", lambda landing: write(landing, "core/account_holders/a.csv", ROW_3),
        ("core/account_holders.csv, core/account_holders/a.csv", "more than one form")),
    Bad("parts of two formats", lambda landing: (
            parts(ROW_3)(landing),
            write_parquet(landing, "core/account_holders/b.parquet", parquet_columns("account_holders"))),
        ("core/account_holders/b.parquet, core/account_holders/part-0.csv", "more than one form")),
    Bad("0-byte CSV", holders(b""), (HOLDERS, "the file is empty (0 bytes)", "needs its header")),
    Bad("0-byte Parquet", instead(HOLDERS, "core/account_holders.parquet", b""),
        ("core/account_holders.parquet", "the file is empty (0 bytes)", "Land it again")),
    Bad("no Parquet at all", instead(HOLDERS, "core/account_holders.parquet", SECRET_ROW * 99),
        ("core/account_holders.parquet", "damaged, cut short or not Parquet", "Land it again")),
    Bad("Parquet cut short", cut_short,
        ("core/account_holders.parquet", "damaged, cut short or not Parquet")),
    Bad("Parquet with damaged footer", damaged(-60, -20), ("core/account_holders.parquet", "Land it again")),
    Bad("Parquet with a damaged page", damaged(4, 40),
        ("core/account_holders.parquet, column account_id", "values can't be read", "Land it again")),
    Bad("Parquet text that is not UTF-8", parquet(
            parquet_columns("account_holders", role=["owner"]) | {"customer_id": not_utf8_strings()}),
        ("core/account_holders.parquet, column customer_id", "values can't be read")),
    Bad("broken link", replaced_by_link, (HOLDERS, "a broken link", "Land a file")),
    Bad("folder with a file's name", replaced_by_folder,
        (HOLDERS, "this is a folder", "core/account_holders/")),
    Bad("column absent in CSV", holders("account_id,customer_id,role\n"),
        (f"{HOLDERS}, column ownership_share", "the column is absent", "Land the column")),
    Bad("column absent in one part", parts(ROW_3, f"account_id;role;ownership_share\n{PERSONAL};owner;1\n"),
        ("core/account_holders/part-1.csv, column customer_id", "the column is absent")),
    Bad("column absent in Parquet", parquet({"ACCOUNT_ID": ["a"], "customer_id": ["b"], " Role ": ["c"]}),
        ("core/account_holders.parquet, column ownership_share", "the column is absent")),
    Bad("column repeated", holders(f"{HOLDERS_HEADER},role\n"),
        (f"{HOLDERS}, column role", "the column is repeated (2 times)", "Keep one")),
    Bad("column repeated but for case and blanks", holders(f'{HOLDERS_HEADER}," ROLE\t"\n'),
        (f"{HOLDERS}, column role", "the column is repeated (2 times)")),
    Bad("extra column repeated", holders(f"{HOLDERS_HEADER},Note,note\n"),
        (f"{HOLDERS}, column note", "the column is repeated (2 times)")),
    Bad("column repeated in Parquet", parquet(parquet_columns("account_holders") | {"Role": ["x"]}),
        ("core/account_holders.parquet, column role", "the column is repeated (2 times)")),
    Bad("GB18030", holders(f"{HOLDERS_HEADER}\n{SECRET_ROW}".encode() + "李伟,a,b,1\n".encode("gb18030")),
        (HOLDERS, f"not UTF-8: byte {len(HOLDERS_HEADER) + 1 + len(SECRET_ROW) + 1}, on line 3", "Convert")),
    Bad("UTF-16", holders(ROW_3.encode("utf-16")), (HOLDERS, "not UTF-8: byte 1, on line 1", "UTF-16")),
    Bad("character cut off at the end", holders(f"{ROW_3}李".encode()[:-1]),
        (HOLDERS, "not UTF-8", "on line 4")),
    Bad("quote never closed", holders(f'{ROW_3}a,"{PERSONAL},b,1\n{SECRET_ROW}'),
        (f"{HOLDERS}, row 3", "begins on line 4 opens a quote that is never closed", "Close the quote")),
    Bad("quote never closed, others follow", holders(f'{ROW_3}a,"{PERSONAL},b,1\n"x","y","z",1\n'),
        (f"{HOLDERS}, row 3", "begins on line 4 has text after a closing quote", "Double every quote")),
    Bad("quote in a quoted value", holders(f'{HOLDERS_HEADER}\n\n"a","{PERSONAL} "the man"","b",1\n'),
        (f"{HOLDERS}, row 1", "begins on line 3 has text after a closing quote")),
    Bad("quote never closed in the header", holders(f'"{HOLDERS_HEADER}\n{SECRET_ROW}'),
        (f"{HOLDERS}: the record that begins on line 1 opens a quote that is never closed",)),
    Bad("several blanks before a quote", holders(f'{ROW_3}a,  "{PERSONAL}, x",b,1\n'),
        (f"{HOLDERS}, row 3", "an opening quote stands behind several blanks", "Remove the blanks")),
    Bad("blank lines only", holders("\n \n\r\n"), (HOLDERS, "the file has no header line", "first line")),
    Bad("byte order mark only", holders("\ufeff"), (HOLDERS, "the file has no header line")),
    Bad("no header", holders(SECRET_ROW), (HOLDERS, "the header is absent", "account_id, customer_id, role")),
    Bad("tabs between columns", holders(ROW_3.replace(",", "\t")), (HOLDERS, "the header is absent")),
    Bad("row without line ends", holders(ROW_3 + ",".join("x" * 10_001) + "\n"),
        (f"{HOLDERS}, row 3", "the row has 10001 fields where the header has 4", "Restore its line ends")),
    Bad("decimal too wide for DuckDB", parquet(
            parquet_columns("account_holders", ownership_share=pa.array([Decimal(1)], pa.decimal256(50, 2)))),
        ("core/account_holders.parquet, column ownership_share", "a decimal of 50 digits", "at most 38")),
    Bad("a name of the reader's", parquet(parquet_columns("account_holders") | {"FILE_row_number": [1]}),
        ("core/account_holders.parquet, column FILE_row_number", "means something to the reader", "Rename")),
    Bad("unknown time zone", parquet(parquet_columns("account_holders") | {"seen": zoned("Nowhere/Town")}),
        ("core/account_holders.parquet, column seen", "time zone is unknown", "without a zone")),
    Bad("file name that is not UTF-8", lambda landing: (
            parts(ROW_3)(landing), write(landing, os.fsdecode(b"core/account_holders/\xff.csv"), ROW_3)),
        (r"core/account_holders/\udcff.csv", "name is not UTF-8", "Rename the file")),
    Bad("broken file of an optional table", lambda landing: write(landing, "crm/consents.csv", b""),
        ("crm/consents.csv", "the file is empty (0 bytes)")),
]  # fmt: skip


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
