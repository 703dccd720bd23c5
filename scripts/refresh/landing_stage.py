"""Stage `landing`: nothing is built from a landing that isn't what the contract says."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from datetime import date, datetime

import duckdb

from scripts.keys import ensure_keys
from scripts.landing.gate import inspect_landing, list_ignored
from scripts.landing.landed import LandedTable, LandingError
from scripts.landing.load_duckdb import create_landing_views
from scripts.landing.read_files import files_read
from scripts.reader import Reader
from scripts.refresh.outcome import ExitCode, RefreshError, as_refresh_error
from scripts.refresh.run import LandingFile, Run
from scripts.validate import print_summary, validate_landing


def parse_month_end(text: str | None, option: str) -> date | None:
    """The asked month-end; None when nothing is asked."""
    if not text:
        return None
    remedy = f"Give the last day of a month as YYYY-MM-DD, or leave {option} out."
    try:
        as_of = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise RefreshError(ExitCode.LANDING, f"'{text}' is no date. {remedy}") from error
    if as_of.day != monthrange(as_of.year, as_of.month)[1]:
        raise RefreshError(ExitCode.LANDING, f"{as_of} isn't the last day of its month. {remedy}")
    return as_of


def inspect(run: Run, project_hash: str) -> list[LandedTable]:
    """The structure gate; notes the landed files and names the run by what it reads."""
    try:
        tables = inspect_landing(run.settings.landing, files_read(run.settings))
    except LandingError as error:
        raise _refused(error) from error
    run.landing_files = [
        LandingFile(name=file.name, size=file.path.stat().st_size, sha256=file.sha256)
        for table in tables
        for file in table.files
    ]
    parts = [project_hash, str(run.as_of), *(f"{file.name} {file.sha256}" for file in run.landing_files)]
    if run.base_currency:
        parts.append(run.base_currency)
    run.input_hash = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    landed = [table for table in tables if table.files]
    print(
        f"  {len(landed)} of {len(tables)} tables landed, {sum(table.row_count for table in landed)} rows"
        f" in {len(run.landing_files)} files"
    )
    for table in landed:
        if table.extra_columns:
            name = f"{table.contract.source}.{table.contract.name}"
            print(f"  ignored columns of {name}: {', '.join(table.extra_columns)}")
    for name in list_ignored(run.settings.landing):
        print(f"  ignored: {name}")
    return tables


def make_keys(run: Run) -> None:
    """The secret key, made on the first run."""
    try:
        ensure_keys(run.settings)
    except ValueError as error:
        raise RefreshError(ExitCode.USAGE, f"There is no secret key: {error}.") from error


def make_views(run: Run, tables: list[LandedTable]) -> None:
    """The landing as views of the candidate."""
    with run.database(run.work_candidate) as connection:
        create_landing_views(connection, tables)


def check(run: Run, tables: list[LandedTable]) -> None:
    """What the landing door expects; asked in memory, so that a landing that is refused has cost nothing."""
    try:
        with run.database(":memory:") as connection:
            create_landing_views(connection, tables)
            result = validate_landing(Reader(connection))
    except LandingError as error:
        raise _refused(error) from error
    except duckdb.Error as error:
        raise as_refresh_error(error, ExitCode.LANDING, "The landing can't be read") from error
    print_summary(result)
    if result.is_blocked:
        raise RefreshError(
            ExitCode.LANDING,
            "The landing fails critical expectations (above); nothing was changed.\n"
            f"Repair or redeliver the files in {run.settings.landing} and refresh again.",
        )


def _refused(error: LandingError) -> RefreshError:
    problems = "\n".join(f"  {problem}" for problem in error.problems)
    count = len(error.problems)
    return RefreshError(ExitCode.LANDING, f"The landing is refused; nothing was changed. Problems: {count}\n{problems}")
