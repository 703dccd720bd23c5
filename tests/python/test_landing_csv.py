"""DuckDB must read a CSV file exactly as Python's csv module does: not a row, not a field may differ."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_files import (
    HOLDERS,
    HOLDERS_HEADER,
    column_names,
    contract,
    csv_text,
    land_required,
    landed_holders,
    warehouse,
    write,
)

from scripts.landing import view_sql
from scripts.landing.csv_file import inspect_csv
from scripts.landing.gate import inspect_landing
from scripts.landing.landed import BLANKS, LandedFile, LandedTable, LandingError, StructureError
from scripts.landing.load_duckdb import create_landing_views
from scripts.landing.view_sql import landed_query

PLAIN = ["", "a", "é", "中", " b ", "\t", "#", "\\", "'", "x\0y", 'a"b', "\u2028", "\ufeff", "NULL", "0" * 30]
QUOTED = ['"q"', '"a,b;c"', '"x\ny"', '"x\r\ny"', '"l\rm"', '""', '""""', '"a""b"', ' "s"', '"  ""z"""']
BROKEN = ['  "several blanks"', '"open', '"a"b', '"q" ']
LINE_ENDS = st.sampled_from(["\n", "\r", "\r\n", "\n\n", "\n \r\n", "\r\r"])


def records_of(fields: list[str]) -> st.SearchStrategy[list[tuple[list[str], str]]]:
    """Records of one to seven fields, each with its line end."""
    record = st.lists(st.sampled_from(fields), min_size=1, max_size=7)
    return st.lists(st.tuples(record, LINE_ENDS), max_size=60)


def reference_rows(text: str, delimiter: str) -> list[list[str]] | None:
    """The records that Python reads, without empty lines; None when the text is broken."""
    lines = io.StringIO(text, newline="")
    try:
        records = list(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        return None
    kept = [record for record in records if record and (len(record) > 1 or record[0].strip(BLANKS))]
    return [without_leading_blanks(record) for record in kept]


def without_leading_blanks(record: list[str]) -> list[str]:
    """Blanks at the beginning of a field don't count: Python skips them, DuckDB keeps them."""
    return [field.lstrip(" ") for field in record]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=records_of(PLAIN + QUOTED) | records_of(PLAIN) | records_of(PLAIN + QUOTED + BROKEN),
    delimiter=st.sampled_from(",;"),
    mark=st.sampled_from(["", "\ufeff"]),
    is_last_line_ended=st.booleans(),
)
def test_view_has_the_rows_that_python_reads(
    records: list[tuple[list[str], str]],
    delimiter: str,
    mark: str,
    is_last_line_ended: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(view_sql, "BUFFER_BYTES", 256)  # so that records lie across buffers
    header = [*column_names("account_holders"), "Note"]
    text = delimiter.join(header) + "\n"
    text += "".join(delimiter.join(fields) + line_end for fields, line_end in records)
    if not is_last_line_ended:
        text = text.rstrip("\r\n")
    path = write(tmp_path, "account_holders.csv", mark + text)
    expected = reference_rows(text, delimiter)

    try:
        columns, row_count, shape = inspect_csv(path, header)
    except StructureError as error:
        assert expected is None or "several blanks" in error.text
        return
    file = LandedFile(path, "account_holders.csv", columns, row_count, shape)
    query = landed_query(LandedTable(contract("account_holders"), (file,)))
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        rows = connection.execute(f"from ({query}) order by landed_row").fetchall()

    assert expected is not None
    assert len(rows) == row_count == len(expected) - 1
    assert [row[5] for row in rows] == list(range(1, row_count + 1))
    for row, record in zip(rows, expected[1:], strict=True):
        pairs = json.loads(row[7], object_pairs_hook=list)
        assert without_leading_blanks([value for _, value in pairs if value is not None]) == record
        assert without_leading_blanks([value for value in row[:4] if value is not None]) == record[:4]
        assert row[6] == (len(record) != len(header))
    assert shape.wrong_width_count == sum(row[6] for row in rows)


def test_last_record_across_two_buffers_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_sql, "BUFFER_BYTES", 1024)
    land_required(tmp_path)
    for count in range(200, 200 + 1024 // 12, 3):
        rows = ["too,wide,by,one,field", *["a,b,owner,1"] * count, "a,b,owner," + "1" * 50]
        write(tmp_path, HOLDERS, "\n".join([HOLDERS_HEADER, *rows]))
        assert len(landed_holders(tmp_path)) == len(rows)


def test_rows_of_a_wrong_width_are_marked_and_kept_whole(tmp_path: Path) -> None:
    rows = '\n1,2,3,4,5\n\n1,2\n1,2,3,4,5,6,7\n""\n" "\n,\n'
    write(land_required(tmp_path), HOLDERS, f"{HOLDERS_HEADER},\n1,2,3,4,{rows}")

    found = [(row[5], row[6], json.loads(row[7])) for row in landed_holders(tmp_path)]

    names = [*column_names("account_holders"), "field 5", "field 6", "field 7"]
    assert found == [
        (1, False, dict(zip(names, ["1", "2", "3", "4", ""], strict=False))),
        (2, False, dict(zip(names, "12345", strict=False))),
        (3, True, dict(zip(names, ["1", "2", None, None, None], strict=False))),
        (4, True, dict(zip(names, "1234567", strict=False))),
        (5, True, dict(zip(names, ["", "", None, None, None], strict=False))),
    ]


def test_large_csv_keeps_order_and_huge_fields(tmp_path: Path) -> None:
    huge = '"' + "x\n" * 3_000_000 + '"'
    lines = [f'A{number},"C\n{number}",owner,1' for number in range(1, 400_001)]
    lines[1000] = f"A1001,{huge},owner,1"
    write(land_required(tmp_path), HOLDERS, HOLDERS_HEADER + "\r\n" + "\r\n".join(lines))

    with warehouse(tmp_path) as connection:
        counts = connection.execute(
            "select count(*), count_if(account_id = 'A' || landed_row), count_if(is_wrong_width),"
            " max(length(customer_id)) from landing_core.account_holders"
        ).fetchone()

    assert counts == (400_000, 400_000, 0, 6_000_000)


def test_gate_and_reader_must_agree(tmp_path: Path) -> None:
    tables = inspect_landing(land_required(tmp_path))
    write(tmp_path, HOLDERS, csv_text("account_holders", rows=7))

    message = r"account_holders\.csv: the gate counts 2 rows, DuckDB 7"
    with warehouse() as connection, pytest.raises(LandingError, match=message):
        create_landing_views(connection, tables)
