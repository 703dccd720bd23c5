"""What every command that changes a home has in common: one at a time, noted however it ends, told to the hooks."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from scripts.refresh.events import call_hooks
from scripts.refresh.lock import refresh_lock
from scripts.refresh.outcome import ExitCode, RefreshError, in_use_error, redacted
from scripts.refresh.release import served
from scripts.refresh.run import Run
from scripts.refresh.run_log import note_start, write_run_log

STAYS = "The release served so far stays."


def perform(run: Run, action: Callable[[Run], None]) -> int:
    """Runs an action under the lock, notes it in the log of events and the run log; returns the exit code."""
    run.note("run_started", as_of=run.as_of)
    try:
        with _sigterm_interrupts(), refresh_lock(run.settings.home):
            note_start(run)
            code, message = _attempt(run, action)
            write_run_log(run, code, message)
    except RefreshError as error:  # of the lock: the run log belongs to the one that holds it
        code, message = error.code, str(error)
    except OSError as error:
        code, message = ExitCode.UNEXPECTED, _describe(error)
    if code != ExitCode.PUBLISHED:
        print(message, file=sys.stderr)
    seconds = round(sum(run.stage_seconds.values()), 3)
    details = {
        "served": served(run.settings.releases),
        "as_of_date": run.as_of_date,
        "rule_version": run.rule_version,
    }
    ended = run.note(
        "run_finished", result=code.name.lower(), exit_code=int(code), seconds=seconds, message=message, **details
    )
    call_hooks(run.settings, ended)
    return int(code)


def _attempt(run: Run, action: Callable[[Run], None]) -> tuple[ExitCode, str]:
    """How an action ended, in words for people."""
    try:
        action(run)
    except RefreshError as error:
        return error.code, str(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED, f"Interrupted. {STAYS}"
    except OSError as error:
        return ExitCode.UNEXPECTED, _describe(error)
    except Exception as error:
        raised = in_use_error(error) if isinstance(error, duckdb.Error) else None
        if raised:
            return raised.code, str(raised)
        reason = f"Unexpected {type(error).__name__}. {STAYS} Details: {_note_fault(run, error)}"
        return ExitCode.UNEXPECTED, reason
    return ExitCode.PUBLISHED, run.summary


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """A service manager ends a run with SIGTERM: treat it like Ctrl-C, so that the end is noted."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # somebody else looks after signals
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _describe(error: OSError) -> str:
    return f"{error.strerror or error}: {error.filename}. {STAYS}"


def _note_fault(run: Run, error: Exception) -> Path:
    """Where the program failed, for its maintainers; without values."""
    run.log_file.parent.mkdir(parents=True, exist_ok=True)
    with run.log_file.open("a", encoding="utf-8") as file:
        file.write("".join(traceback.format_tb(error.__traceback__)))
        file.write(f"{type(error).__name__}: {redacted(str(error))}\n")
    return run.log_file
