"""Landings that the gate must refuse: how a good one is broken, and what the message must say."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from landing_files import (
    HOLDERS,
    HOLDERS_HEADER,
    PERSONAL,
    csv_text,
    parquet_columns,
    write,
    write_parquet,
)

SECRET_ROW = f"{PERSONAL},{PERSONAL},owner,1\n"
ROW_3 = f"{HOLDERS_HEADER}\n{SECRET_ROW}{SECRET_ROW}"  # a third row can follow


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
