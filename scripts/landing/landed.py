"""What the gate found: the landed files with all that a loader needs to read them, and their problems."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts.landing.contract import Table

BLANKS = " \t\n\r\u00a0\u3000"  # trimmed around values and names, like the macro white_space


@dataclass(frozen=True)
class LandedColumn:
    """A column of a file: its name there, untouched, and the physical type in DuckDB's words.

    `zone` is the time zone in which a Parquet timestamp's writer told the time, where there is one.
    """

    name: str
    data_type: str = "VARCHAR"
    zone: str | None = None

    @property
    def contract_name(self) -> str:
        """The name that is compared with the contract: trimmed, lower case."""
        return self.name.strip(BLANKS).lower()


@dataclass(frozen=True)
class CsvShape:
    """How a CSV file is cut into records, measured by one pass over it."""

    delimiter: str
    byte_count: int
    longest_record: int  # bytes at most
    most_fields: int
    wrong_width_count: int


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class LandedFile:
    """One file of a table. `name` is its path inside the landing; `csv` is None for Parquet."""

    path: Path
    name: str
    columns: tuple[LandedColumn, ...]
    row_count: int
    csv: CsvShape | None = None
    known_hash: str | None = None  # when the gate has asked for it
    is_known: bool = False  # a CSV file whose shape an earlier run has measured and compared

    @cached_property
    def sha256(self) -> str:
        """The hash of its bytes. One that changes afterwards has another one in the next run, and is read again."""
        return self.known_hash or hash_file(self.path)

    def column(self, contract_name: str) -> LandedColumn | None:
        """The column that lands a contract column; None when it is absent."""
        return next((column for column in self.columns if column.contract_name == contract_name), None)


@dataclass(frozen=True)
class LandedTable:
    """A contract table with its files, in order of name; none when the table is absent."""

    contract: Table
    files: tuple[LandedFile, ...]

    @property
    def row_count(self) -> int:
        """Data rows of all files."""
        return sum(file.row_count for file in self.files)

    @property
    def extra_columns(self) -> list[str]:
        """Columns outside the contract; they are ignored, and listed."""
        known = {column.name for column in self.contract.columns}
        columns = [column for file in self.files for column in file.columns]
        names = {column.contract_name: column.name.strip(BLANKS) or "(unnamed)" for column in columns}
        return sorted(name for folded, name in names.items() if folded not in known)

    def is_column_landed(self, contract_name: str) -> bool:
        """Whether any file has the column."""
        return any(file.column(contract_name) for file in self.files)


@dataclass(frozen=True)
class Problem:
    """Why the landing can't be used: where, what, and what to do. Never holds a value of a row."""

    file: str
    text: str
    remedy: str
    column: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.text}. {self.remedy}."


class StructureError(Exception):
    """A file's structure is broken; the gate adds the file's name and makes it a problem."""

    def __init__(self, text: str, remedy: str, column: str | None = None, row: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy
        self.column = column
        self.row = row

    def problem(self, file: str) -> Problem:
        """The same, with the file's name."""
        return Problem(file=file, text=self.text, remedy=self.remedy, column=self.column, row=self.row)


class LandingError(Exception):
    """The landing can't be used; holds all problems found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
