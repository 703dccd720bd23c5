"""Landed files, fuzzed: their values, their shape, and the bytes of some of them.

A file that was written whole says which rows it holds; of a damaged one nobody can tell.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet
from hypothesis import strategies as st

from scripts.landing.contract import Table, contract_tables

from .values import TEXTS, values

MOST_ROWS = 6
UNKNOWN = object()  # a value whose text isn't foretold
LINE_ENDS = ("\n", "\r\n", "\r")
HEADINGS = ("{}", "{}", " {} ", "\u3000{}\t", '"{}"')


@dataclass(frozen=True)
class FuzzedFile:
    """A file of the landing. `rows` are its contract values in order; None when it was damaged."""

    name: str
    content: bytes
    rows: list[tuple[str | None, ...]] | None


def rows_of(table: Table) -> st.SearchStrategy[list[list[str]]]:
    """Rows of a table, every value fuzzed."""
    row = st.tuples(*(values(column.data_type) for column in table.columns)).map(list)
    return st.lists(row, max_size=MOST_ROWS)


@st.composite
def csv_file(draw: st.DrawFn, table: Table, name: str) -> FuzzedFile:
    """A CSV file, well formed: any delimiter, line ends, quotes, order of columns, blank lines and widths of rows."""
    delimiter = draw(st.sampled_from(",;"))
    names = [column.name for column in table.columns]
    order = draw(st.permutations(names))
    extra = draw(st.sampled_from([[], ["nickname"], ["", "x y"]]))
    heading = draw(st.sampled_from(HEADINGS))
    lines = [[heading.format(draw(st.sampled_from([column, column.upper()]))) for column in order] + extra]
    expected = []
    for row in draw(rows_of(table)):
        by_name = dict(zip(names, row, strict=True))
        fields = [by_name[column] for column in order] + [draw(TEXTS) for _ in extra]
        width = draw(st.sampled_from([len(fields)] * 8 + [len(fields) - 1, 2]))
        fields = fields[:width] + ["surplus"] * draw(st.sampled_from([0] * 8 + [1, 40]))
        found = dict(zip(order, fields, strict=False))
        expected.append(tuple(found.get(column) for column in names))
        lines.append([_quoted(field, delimiter, draw(st.sampled_from([False, False, True]))) for field in fields])
    text = ""
    for line in lines:
        text += draw(st.sampled_from(["", "", "\n", "  \r\n"])) if text else ""
        text += delimiter.join(line) + draw(st.sampled_from(LINE_ENDS))
    if draw(st.booleans()):
        text = text.rstrip("\r\n") if lines[-1][-1] else text
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig"]))
    return FuzzedFile(name, text.encode(encoding), expected)


def csv_bytes(lines: list[list[str]], delimiter: str, line_end: str) -> bytes:
    """Lines as a plain CSV file."""
    return "".join(delimiter.join(_quoted(field, delimiter) for field in line) + line_end for line in lines).encode()


def parquet_bytes(columns: list[str], rows: list[list[str]]) -> bytes:
    """Rows as a Parquet file of texts."""
    texts = [pa.array([row[place] or None for row in rows], pa.string()) for place in range(len(columns))]
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_arrays(texts, columns), buffer)
    return buffer.getvalue()


def _quoted(field: str, delimiter: str, is_wanted: bool = False) -> str:
    """A field as RFC 4180 wants it; also quoted when a reader could take its beginning for something else."""
    if is_wanted or any(mark in field for mark in f'{delimiter}"\r\n') or field != field.strip():
        return '"' + field.replace('"', '""') + '"'
    return field


INTEGERS = st.integers(-(2**62), 2**62 - 1)
ARROW_VALUES: list[tuple[pa.DataType, st.SearchStrategy]] = [
    (pa.string(), TEXTS),
    (pa.large_string(), TEXTS),
    (pa.dictionary(pa.int32(), pa.string()), TEXTS),
    (pa.binary(), st.binary(max_size=8)),
    (pa.int8(), st.integers(-128, 127)),
    (pa.int64(), INTEGERS),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float32(), st.floats(width=32)),
    (pa.float64(), st.floats()),
    (pa.decimal128(38, 10), st.decimals(-(10**20), 10**20, places=3)),
    (pa.bool_(), st.booleans()),
    (pa.date32(), st.dates()),
    (pa.timestamp("s"), st.datetimes()),
    (pa.timestamp("ns"), INTEGERS),
    (pa.timestamp("us"), INTEGERS),
    (pa.timestamp("ms", "Asia/Shanghai"), st.integers(-(2**45), 2**45)),
    (pa.timestamp("us", "+08:00"), st.integers(-(2**55), 2**55)),
    (pa.time64("us"), st.times()),
    (pa.null(), st.none()),
    (pa.list_(pa.string()), st.lists(TEXTS, max_size=2)),
    (pa.struct([("a", pa.string())]), st.fixed_dictionaries({"a": TEXTS})),
]


@st.composite
def parquet_file(draw: st.DrawFn, table: Table, name: str) -> FuzzedFile:
    """A Parquet file, well formed, any type in any column: half of them text that suits the contract."""
    size = draw(st.integers(0, MOST_ROWS))
    arrays, headings, texts = [], [], []
    for column in table.columns:
        data_type, kind = draw(st.sampled_from(ARROW_VALUES))
        if draw(st.booleans()):
            data_type, kind = pa.string(), values(column.data_type)
        column_values = draw(st.lists(st.one_of(kind, kind, kind, st.none()), min_size=size, max_size=size))
        arrays.append(pa.array(column_values, data_type))
        headings.append(draw(st.sampled_from([column.name, column.name, f" {column.name.upper()}"])))
        texts.append(column_values if data_type == pa.string() else [UNKNOWN] * size)
    buffer = io.BytesIO()
    compression = draw(st.sampled_from(["snappy", "zstd", "none"]))
    pyarrow.parquet.write_table(pa.Table.from_arrays(arrays, headings), buffer, compression=compression)
    return FuzzedFile(name, buffer.getvalue(), list(zip(*texts, strict=True)) if texts else [])


@st.composite
def damaged(draw: st.DrawFn, file: FuzzedFile) -> FuzzedFile:
    """The same file after something happened to it on its way."""
    content = file.content
    place = draw(st.integers(0, len(content)))
    length = draw(st.integers(0, 40))
    kind = draw(st.sampled_from(["cut", "lost", "overwritten", "inserted", "doubled", "utf-16", "gb18030", "empty"]))
    if kind == "cut":
        content = content[:place]
    elif kind == "lost":
        content = content[:place] + content[place + length :]
    elif kind == "overwritten":
        content = content[:place] + draw(st.binary(min_size=1, max_size=8)) + content[place + 8 :]
    elif kind == "inserted":
        content = content[:place] + draw(st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff"])) + content[place:]
    elif kind == "doubled":
        content += content
    elif kind == "empty":
        content = b""
    else:
        content = content.decode("utf-8", "replace").encode(kind, "replace")
    return FuzzedFile(file.name, content, None)


@st.composite
def landed_table(draw: st.DrawFn) -> tuple[Table, list[FuzzedFile]]:
    """One table of the contract, landed as a file or as parts, one in three of them damaged."""
    table = draw(st.sampled_from(contract_tables()))
    extension, make = draw(st.sampled_from([("csv", csv_file), ("csv", csv_file), ("parquet", parquet_file)]))
    parts = draw(st.sampled_from([0, 0, 2, 3]))
    place = f"{table.source}/{table.name}"
    names = [f"{place}/part-{part}.{extension}" for part in range(parts)] or [f"{place}.{extension}"]
    files = [draw(make(table, name)) for name in names]
    if draw(st.sampled_from([False, False, True])):
        files[0] = draw(damaged(files[0]))
    return table, files
