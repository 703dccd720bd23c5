"""One run of the refresh: what was asked, where it works, what it has found out so far."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from scripts.settings import Settings


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
    as_of: date | None = None
    is_full_refresh_asked: bool = False
    base_currency: str | None = None  # instead of the project's own
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    input_hash: str = "unknown"
    landing_files: list[LandingFile] = field(default_factory=list)
    stage_seconds: dict[str, float] = field(default_factory=dict)
    as_of_date: date | None = None  # the newest published month-end
    rule_version: str | None = None
    rebuilt_from: str | None = None  # first month that was made again, YYYY-MM

    @property
    def run_id(self) -> str:
        """Sorts by start; the input hash tells runs of the same second apart."""
        milliseconds = self.started_at.microsecond // 1000
        return f"{self.started_at:%Y%m%dT%H%M%S}{milliseconds:03d}Z-{self.input_hash[:8]}"

    @property
    def work_candidate(self) -> Path:
        """The work file of this run, until promoted; its name stays, since views carry it."""
        return self.settings.work_file.parent / "candidate" / self.settings.work_file.name

    @property
    def quarantine_candidate(self) -> Path:
        """The quarantine file of this run, until it is promoted."""
        return self.settings.quarantine_file.parent / "candidate" / self.settings.quarantine_file.name

    @property
    def log_file(self) -> Path:
        """What dbt said, without values."""
        return self.settings.home / "logs" / "refresh.log"

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures and announces a stage."""
        print(f"{name} ...", flush=True)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.stage_seconds[name] = round(time.perf_counter() - start, 3)
        print(f"  {name} done in {self.stage_seconds[name]:.1f} s", flush=True)

    @contextmanager
    def database(self, path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection within the memory and spill limits of the installation."""
        config: dict[str, str | float | list[str]] = {
            "memory_limit": os.environ.get("DEPOSITS_MEMORY_LIMIT", "6GB"),
            "temp_directory": str(self.settings.work_file.parent / "spill"),
            "threads": os.environ.get("DBT_THREADS", "2"),
        }
        with duckdb.connect(str(path), read_only=read_only, config=config) as connection:
            yield connection
