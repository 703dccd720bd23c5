"""One run: what was asked, where it works, what it has found out so far."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from scripts.refresh.events import note
from scripts.refresh.outcome import ExitCode, RefreshError, in_use_error, redacted
from scripts.settings import Settings

SPILL = "spill"  # the folder of what memory can't hold; profiles.yml names it, too
CANDIDATE, DRY_RUN_CANDIDATE = "candidate", "dry-run"
REFRESH, DRY_RUN, ROLLBACK = "refresh", "dry run", "rollback"
STAGE_CODES = {
    "landing": ExitCode.LANDING,
    "build": ExitCode.BUILD,
    "audit": ExitCode.AUDIT,
    "publish": ExitCode.PUBLISH,
}


@dataclass(frozen=True)
class LandingFile:
    """A landed file as the run log knows it."""

    name: str
    size: int
    sha256: str


@dataclass
class Run:
    """Filled stage by stage; the run log keeps it. The only place for wall-clock time."""

    settings: Settings
    kind: str = REFRESH
    as_of: date | None = None
    backfill_from: date | None = None  # months from here on are made again though nothing changed
    is_full_refresh_asked: bool = False
    base_currency: str | None = None  # instead of the project's own
    accepted_drift: str | None = None  # why a drift that blocks is published all the same
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    project_hash: str = "unknown"
    input_hash: str = "unknown"
    landing_files: list[LandingFile] = field(default_factory=list)
    stage_seconds: dict[str, float] = field(default_factory=dict)
    as_of_date: date | None = None  # the newest published month-end
    rule_version: str | None = None
    rebuilt_from: str | None = None  # first month that was made again of anybody, YYYY-MM
    all_rebuilt_from: str | None = None  # first month that was made again of all customers, YYYY-MM
    full_refresh_reason: str | None = None
    built_upon: str | None = None  # the run whose work file this one went on with
    # marts that keep what wasn't made again: whole months, or the months of customers
    monthly_marts: frozenset[str] = frozenset()
    customer_marts: frozenset[str] = frozenset()
    compared_with: str | None = None  # the release that was served before
    mart_rows: dict[str, int] = field(default_factory=dict)
    summary: str = ""  # how it ended, in a sentence

    @property
    def run_id(self) -> str:
        """Sorts by start; the input hash tells runs of the same second apart."""
        return f"{self.started_id}-{self.input_hash[:8] if self.kind == REFRESH else self.kind.replace(' ', '-')}"

    @property
    def started_id(self) -> str:
        """The start as text that sorts."""
        milliseconds = self.started_at.microsecond // 1000
        return f"{self.started_at:%Y%m%dT%H%M%S}{milliseconds:03d}Z"

    @property
    def work_candidate(self) -> Path:
        """The work file of this run, until promoted; its name stays, since views carry it."""
        return self.settings.work_file.parent / self._aside / self.settings.work_file.name

    @property
    def quarantine_candidate(self) -> Path:
        """The quarantine file of this run, until it is promoted."""
        return self.settings.quarantine_file.parent / self._aside / self.settings.quarantine_file.name

    @property
    def _aside(self) -> str:
        """A dry run keeps off what a failed refresh has left to be looked at."""
        return DRY_RUN_CANDIDATE if self.kind == DRY_RUN else CANDIDATE

    @property
    def log_file(self) -> Path:
        """What dbt said, without values."""
        return self.settings.home / "logs" / "refresh.log"

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures and announces a stage; a disk that fails it ends the run with the code of the stage."""
        print(f"{name} ...", flush=True)
        self.note("stage_started", stage=name)
        start = time.perf_counter()
        code, message = ExitCode.UNEXPECTED, ""
        try:
            yield
            code = ExitCode.PUBLISHED
        except RefreshError as error:
            code, message = error.code, str(error)
            raise
        except (OSError, duckdb.IOException) as error:
            raised = _describe(name, error)
            code, message = raised.code, str(raised)
            raise raised from error
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
            raise
        finally:
            seconds = self.stage_seconds[name] = round(time.perf_counter() - start, 3)
            self.note("stage_finished", stage=name, seconds=seconds, exit_code=int(code), message=message)
        print(f"  {name} done in {seconds:.1f} s", flush=True)

    def note(self, event: str, **details: object) -> dict:
        """An event of this run for the log of events."""
        return note(self.settings, event, run_id=self.run_id, kind=self.kind, **details)

    @contextmanager
    def database(self, path: Path | str, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection within the memory and spill limits of the installation."""
        with connect(self.settings, path, read_only=read_only) as connection:
            yield connection


def _describe(stage: str, error: OSError | duckdb.IOException) -> RefreshError:
    """A disk that is full, a folder that can't be written, a file that somebody has open."""
    what = f"{error.strerror or error}: {error.filename}" if isinstance(error, OSError) else redacted(str(error))
    reason = f"Stage {stage} couldn't write or read a file ({what}).\nThe release served so far stays."
    return in_use_error(error) or RefreshError(STAGE_CODES[stage], reason)


@contextmanager
def connect(
    settings: Settings, path: Path | str = ":memory:", *, read_only: bool = False, half: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection within the memory and spill limits of the installation; two at a time are halves, named apart."""
    memory_limit = os.environ.get("DEPOSITS_MEMORY_LIMIT", "6GB")
    if half is not None:
        memory_limit = re.sub(r"[\d.]+", lambda number: str(float(number[0]) / 2), memory_limit, count=1)
    config: dict[str, str | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(settings.work_file.parent / (f"{SPILL}-{half}" if half else SPILL)),
        "threads": os.environ.get("DBT_THREADS", "2"),
    }
    with duckdb.connect(str(path), read_only=read_only, config=config) as connection:
        yield connection
