"""The gate: is the landing's structure what the contract says? Checked before anything changes.

    python -m scripts.landing.gate

Values are not judged here; staging does that, row by row. What stops a run is a table, a column or a file
that can't be read as what it claims to be. All problems are reported at once, with what to do; exit code 2.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import duckdb

from scripts.landing.contract import Table, contract_tables
from scripts.landing.csv_file import inspect_csv
from scripts.landing.landed import LandedFile, LandedTable, LandingError, Problem, StructureError, hash_file
from scripts.landing.layout import find_files
from scripts.landing.parquet_file import inspect_parquet
from scripts.landing.read_files import ReadFiles
from scripts.settings import read_settings

EXIT_REFUSED = 2
GIVE_ACCESS = "Give the run's account access to it"


NOTHING_READ = ReadFiles()


def inspect_landing(landing: Path, read_files: ReadFiles = NOTHING_READ) -> list[LandedTable]:
    """All contract tables with the files landed for them; raises LandingError with every problem found.

    Every file is read whole, but for those whose hash is among `read_files`; hashes are made beside each other.
    """
    landing = landing.absolute()
    if not landing.is_dir():
        remedy = "Set DEPOSITS_LANDING to the folder with the landed files"
        raise LandingError([Problem(file=str(landing), text="there is no such folder", remedy=remedy)])
    try:
        layout = find_files(landing)
    except OSError as error:
        problem = Problem(str(error.filename), f"the folder can't be read ({error.strerror})", GIVE_ACCESS)
        raise LandingError([problem]) from error
    problems = list(layout.problems)
    tables = []
    with ThreadPoolExecutor() as pool, duckdb.connect(config={"enable_external_file_cache": "false"}) as connection:
        names = [name for files in layout.files.values() for name in files if read_files and (landing / name).is_file()]
        hashes = {name: pool.submit(hash_file, landing / name) for name in names}
        for table in contract_tables():
            files = []
            for name in layout.files[table.source, table.name]:
                try:
                    file = _inspect_file(landing, name, table, connection, read_files, hashes.get(name))
                except StructureError as error:
                    problems.append(error.problem(name))
                    continue
                problems += _column_problems(file, table)
                files.append(file)
            tables.append(LandedTable(table, tuple(files)))
    if problems:
        raise LandingError(problems)
    return tables


def list_ignored(landing: Path) -> list[str]:
    """Names in the landing that belong to no contract table."""
    return find_files(landing).ignored


def _inspect_file(
    landing: Path,
    name: str,
    table: Table,
    connection: duckdb.DuckDBPyConnection,
    read_files: ReadFiles,
    sha256: Future[str] | None,
) -> LandedFile:
    path = landing / name
    if not path.is_file():
        what = "a folder" if path.is_dir() else "a broken link or no regular file"
        remedy = f"Land a file; parts go into a folder {table.source}/{table.name}/"
        raise StructureError(f"this is {what}", remedy)
    try:
        path.open("rb").close()
        known_hash = sha256.result() if sha256 else None
        if path.suffix == ".parquet":
            columns, row_count = inspect_parquet(path, connection, is_read=known_hash in read_files.parquet)
            return LandedFile(path, name, columns, row_count, known_hash=known_hash)
        known = read_files.csv.get(known_hash or "")
        if known is not None:
            return LandedFile(path, name, known.columns, known.row_count, known.shape, known_hash, is_known=True)
        columns, row_count, shape = inspect_csv(path, {column.name for column in table.columns})
        return LandedFile(path, name, columns, row_count, shape, known_hash)
    except OSError as error:
        reason = f"the file can't be opened ({error.strerror})"
        raise StructureError(reason, GIVE_ACCESS) from error


def _column_problems(file: LandedFile, table: Table) -> list[Problem]:
    """Repeated columns, and contract columns that are absent."""
    counts = Counter(column.contract_name for column in file.columns)
    required = [column.name for column in table.columns if not column.is_optional]
    if not counts.keys() & set(required):  # perhaps a row: no message may hold its values
        remedy = f"Put the column names into the first line: {', '.join(required)}"
        return [Problem(file.name, "the header is absent: none of the table's columns is named", remedy)]
    repeated = [
        Problem(file.name, f"the column is repeated ({count} times)", "Keep one; case doesn't count", name)
        for name, count in counts.items()
        if name and count > 1
    ]
    absent = [
        Problem(file.name, "the column is absent", "Land the column; its values may be blank", name)
        for name in required
        if name not in counts
    ]
    return repeated + absent


def main() -> int:
    """Prints what was found, or every problem."""
    settings = read_settings()
    try:
        tables = inspect_landing(settings.landing)
    except LandingError as error:
        print_problems(error)
        return EXIT_REFUSED
    print_landing(tables, settings.landing)
    return 0


def print_problems(error: LandingError) -> None:
    """One line a problem, to the error stream."""
    print(f"The landing is refused; nothing was changed. Problems: {len(error.problems)}", file=sys.stderr)
    for problem in error.problems:
        print(f"  {problem}", file=sys.stderr)


def print_landing(tables: list[LandedTable], landing: Path) -> None:
    """One line a table, its extra columns, and the ignored files."""
    for table in tables:
        name = f"{table.contract.source}.{table.contract.name}"
        size = f"{table.row_count} rows in {len(table.files)} file(s)" if table.files else "absent"
        extra = f"; ignored columns: {', '.join(table.extra_columns)}" if table.extra_columns else ""
        print(f"{name}: {size}{extra}")
    for name in list_ignored(landing):
        print(f"ignored: {name}")


if __name__ == "__main__":
    sys.exit(main())
