"""The structure of a CSV file, measured in one pass with Python's csv module.

The reader is strict, so that a quote which is never closed, or closed in the wrong place, is found. A blank
before an opening quote doesn't count. An empty line is a record of one blank field, wherever it stands.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from scripts.landing.landed import BLANKS, CsvShape, LandedColumn, StructureError

DELIMITERS = (",", ";")
MOST_CHARACTERS = 16 * 1024 * 1024  # of one field; more means that a quote was never closed
MOST_FIELDS = 10_000  # of one record; more means that the line ends are lost
MOST_BYTES_PER_CHARACTER = 4  # in UTF-8


def inspect_csv(path: Path, known_names: Collection[str]) -> tuple[tuple[LandedColumn, ...], int, CsvShape]:
    """Columns, number of data rows and shape of a CSV file; the known names help to tell its delimiter."""
    csv.field_size_limit(MOST_CHARACTERS)
    byte_count = path.stat().st_size
    if byte_count == 0:
        raise StructureError("the file is empty (0 bytes)", "Land it again; without rows it needs its header")
    try:
        delimiter = _find_delimiter(path, known_names)
        return _measure(path, delimiter, byte_count)
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error


def is_empty_line(record: list[str]) -> bool:
    """Whether a record is an empty line: nothing, or one blank field."""
    return not record or (len(record) == 1 and not record[0].strip(BLANKS))


def read_records(path: Path, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """The records of a CSV file that aren't empty lines, the header first: their fields, and their text as it is."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = _Records(file, delimiter)
        for record in records:
            yield record, records.text


class _Records:
    """The records of a CSV file that aren't empty lines; knows the text of the newest one."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self.count = 0
        self.text = ""
        self._lines: list[str] = []
        lines = self._remember(file)
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)

    def _remember(self, file: TextIO) -> Iterator[str]:
        for line in file:
            self._lines.append(line)
            yield line

    def __iter__(self) -> Iterator[list[str]]:
        opening_line = 1
        try:
            for record in self._reader:
                self.text = self._lines[0] if len(self._lines) == 1 else "".join(self._lines)
                self._lines.clear()
                if not is_empty_line(record):
                    self.count += 1
                    yield record
                opening_line = self._reader.line_num + 1
        except csv.Error as error:
            raise self._broken_quote(str(error), opening_line) from error

    def _broken_quote(self, reason: str, line: int) -> StructureError:
        if "expected after" in reason:
            text = f"the record that begins on line {line} has text after a closing quote"
            remedy = "Double every quote inside a quoted value, and close each quote before the delimiter"
        else:
            text = f"the record that begins on line {line} opens a quote that is never closed"
            remedy = "Close the quote, or double it when it is part of the value"
        return StructureError(text, remedy, row=self.count or None)


def _find_delimiter(path: Path, known_names: Collection[str]) -> str:
    """The delimiter under which the header has most of the known names, then most fields."""
    scores: dict[str, tuple[int, int]] = {}
    problem = StructureError("the file has no header line", "Put the column names into its first line")
    for delimiter in DELIMITERS:
        try:
            header = next(iter(_open_records(path, delimiter)), None)
        except StructureError as error:
            problem = error
            continue
        if header is not None:
            names = {name.strip(BLANKS).lower() for name in header}
            scores[delimiter] = (len(names.intersection(known_names)), len(header))
    if not scores:
        raise problem
    return max(scores, key=lambda delimiter: scores[delimiter])


def _open_records(path: Path, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from _Records(file, delimiter)


def _measure(path: Path, delimiter: str, byte_count: int) -> tuple[tuple[LandedColumn, ...], int, CsvShape]:
    most_fields = wrong_width_count = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = _Records(file, delimiter)
        iterator = iter(records)
        header = next(iterator)
        longest = len(records.text)
        _check_blanks_before_quotes(records, delimiter)
        for record in iterator:
            if len(record) != len(header):
                wrong_width_count += 1
                most_fields = max(most_fields, len(record))
                if most_fields > MOST_FIELDS:
                    raise _too_wide(records.count - 1, most_fields, len(header))
            if len(records.text) > longest:
                longest = len(records.text)
            if '  "' in records.text:
                _check_blanks_before_quotes(records, delimiter)
    shape = CsvShape(
        delimiter=delimiter,
        byte_count=byte_count,
        longest_record=longest * MOST_BYTES_PER_CHARACTER,
        most_fields=max(most_fields, len(header)),
        wrong_width_count=wrong_width_count,
    )
    return tuple(LandedColumn(name) for name in header), records.count - 1, shape


def _check_blanks_before_quotes(records: _Records, delimiter: str) -> None:
    """DuckDB skips one blank before an opening quote, but takes two or more for the value's beginning."""
    field = re.compile(rf'( *)(?:"(?:[^"]++|"")*+"|[^{delimiter}]*)(?:{delimiter}|[\r\n]*\Z)')
    for match in field.finditer(records.text):
        if len(match[1]) > 1 and match.string.startswith('"', match.end(1)):
            raise StructureError(
                "an opening quote stands behind several blanks",
                "Remove the blanks between the delimiter and the quote",
                row=records.count - 1 or None,
            )


def _too_wide(row: int, fields: int, expected: int) -> StructureError:
    return StructureError(
        f"the row has {fields} fields where the header has {expected}",
        "Restore its line ends; single rows of a wrong width are rejected, but not such a one",
        row=row,
    )


def _not_utf8(path: Path) -> StructureError:
    """Finds the first byte that isn't UTF-8, and its line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    position = line_feeds = carriage_returns = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                good = max(error.start - pending, 0)
                position += error.start - pending
                line_feeds += chunk.count(b"\n", 0, good)
                carriage_returns += chunk.count(b"\r", 0, good)
                break
            position += len(chunk)
            line_feeds += chunk.count(b"\n")
            carriage_returns += chunk.count(b"\r")
    line = (line_feeds or carriage_returns) + 1
    return StructureError(
        f"the file is not UTF-8: byte {position + 1}, on line {line}, can't be read",
        "Convert the file to UTF-8, for instance from GB18030 or UTF-16",
    )
