"""How a refresh ends: its exit codes, and the errors that carry one."""

from __future__ import annotations

import re
from enum import IntEnum

import duckdb


class ExitCode(IntEnum):
    """One code per stage; the table in docs/operations.md says what to do."""

    PUBLISHED = 0
    UNEXPECTED = 1
    USAGE = 2
    LOCKED = 3
    LANDING = 4
    BUILD = 5
    AUDIT = 6
    PUBLISH = 7
    IN_USE = 8
    DRIFT = 9
    INTERRUPTED = 130


class RefreshError(Exception):
    """The refresh stops here; the message is for people and holds no value of a landed row."""

    def __init__(self, code: ExitCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def in_use_error(error: object) -> RefreshError | None:
    """DuckDB's complaint about a lock, in words that help; None for any other error."""
    text = str(error)
    file = re.search(r'Could not set lock on file "([^"]+)"', text)
    if file is None:
        return None
    holder = re.search(r"PID (\d+)", text)
    who = f"process {holder[1]}" if holder else "another process"
    return RefreshError(
        ExitCode.IN_USE,
        f"The file is in use by {who}: {file[1]}\n"
        "Close that session (an open reader blocks a writer, too) and run the refresh again.\n"
        "Readers of results open releases/current/warehouse.duckdb, which is never locked by a refresh.",
    )


def as_refresh_error(error: duckdb.Error, code: ExitCode, what: str) -> RefreshError:
    """A database error of our own statements as a friendly one."""
    return in_use_error(error) or RefreshError(code, f"{what}: {redacted(str(error))}")


NAMING_ERRORS = ("Binder", "Catalog", "Parser", "IO", "Permission", "Dependency", "Not implemented", "HTTP")
ERROR_KIND = re.compile(r"\b((?:[A-Z][A-Za-z]+ )?[A-Za-z]+) Error: ")


def redacted(text: str) -> str:
    """An error text without the values that a database quotes from rows.

    Errors about names, files and syntax come from the SQL text, which holds no landed value: they stay. All
    others lose what stands in quotes, long numbers, and everything after their first line.
    """
    kind = ERROR_KIND.search(text)
    if kind is None or kind[1].removeprefix("Runtime Error: ").strip() in NAMING_ERRORS:
        return text
    head, message = text[: kind.start()], text[kind.start() :]
    message = message.split("\n", maxsplit=1)[0]
    message = re.sub(r"'[^']*'?|\"[^\"]*\"?", "'…'", message)
    return head + re.sub(r"[-\d.]{3,}", "…", message)
