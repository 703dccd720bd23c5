"""A run makes its work file and quarantine file aside; they take their places only after a good build."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event

import duckdb

from scripts.landing.sql_text import literal
from scripts.refresh.durable import copy_file, sync
from scripts.refresh.outcome import ExitCode, RefreshError, in_use_error
from scripts.refresh.release import tidy_releases
from scripts.refresh.run import DRY_RUN_CANDIDATE, SPILL, Run
from scripts.refresh.state import Plan, state_file, write_state


def prepare_home(run: Run) -> None:
    """The folders of a home; keys and the quarantine are nobody else's business. The leavings of a crash go."""
    settings = run.settings
    for folder in (settings.work_file.parent, settings.releases, run.log_file.parent):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (settings.keys_file.parent, settings.quarantine_file.parent):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    for file in (settings.work_file, settings.quarantine_file):
        shutil.rmtree(file.parent / DRY_RUN_CANDIDATE, ignore_errors=True)
    for folder in settings.work_file.parent.glob(f"{SPILL}*"):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        tidy_releases(settings.releases)  # better to know now than after the build
    except OSError as error:
        reason = f"The folder of the releases can't be written ({error.strerror}: {settings.releases})."
        raise RefreshError(ExitCode.PUBLISH, f"{reason} Nothing was changed.") from error


@contextmanager
def beginning_candidate(run: Run, plan: Plan) -> Iterator[Future[None]]:
    """Fresh candidates; the work file starts as a copy of the last good one when the plan builds upon it.

    The leavings of an earlier failed run go. The copy is made while the caller does what else must be done before a
    build, and given up when that fails; its own failure comes out of the result, which prepare_candidate awaits.
    """
    for file in (run.settings.work_file, run.settings.quarantine_file):
        check_free(run, file)
    remove_candidates(run)
    for candidate in (run.work_candidate, run.quarantine_candidate):
        candidate.parent.mkdir(mode=0o700, parents=True)
    is_given_up = Event()

    def copy() -> None:
        if not plan.is_full_refresh:
            copy_file(run.settings.work_file, run.work_candidate, is_given_up)

    with ThreadPoolExecutor(max_workers=1) as beside:
        copied = beside.submit(copy)
        try:
            yield copied
        except BaseException:
            is_given_up.set()
            copied.exception()  # waits
            remove_candidates(run)
            raise


def remove_candidates(run: Run) -> None:
    """The run's files that haven't taken their places."""
    for candidate in (run.work_candidate, run.quarantine_candidate):
        shutil.rmtree(candidate.parent, ignore_errors=True)


def prepare_candidate(run: Run, plan: Plan, copied: Future[None]) -> None:
    """Everything that the build finds in the candidates.

    Of the quarantine only what the next build goes on with outlives a build.
    """
    copied.result()
    if not plan.is_full_refresh:
        _keep_judged_transactions(run)
        if run.backfill_from:
            _forget_months(run, run.backfill_from)


def _keep_judged_transactions(run: Run) -> None:
    """What older files hold that new rows may be compared with, so that the build needn't judge those files again."""
    if not run.settings.quarantine_file.exists():
        return  # then the build judges all files
    with run.database(run.quarantine_candidate) as connection:
        connection.execute("create schema quarantine.quarantine")
        connection.execute(f"attach {literal(str(run.settings.quarantine_file))} as earlier (read_only)")
        query = "select * from earlier.quarantine.core__transactions_judged"
        connection.execute(f"create table quarantine.quarantine.core__transactions_judged as {query}")


def _forget_months(run: Run, first: date) -> None:
    """The build makes again what isn't listed as built, so a backfill takes months off that list."""
    with run.database(run.work_candidate) as connection:
        query = "delete from qc.built_months where as_of_date >= ?"
        ((count,),) = connection.execute(query, [first]).fetchall()
        if count == 0:
            reason = f"--backfill {first} lies after the newest month that was built. Nothing was changed."
            raise RefreshError(ExitCode.USAGE, reason)


def check_free(run: Run, file: Path) -> None:
    """Raises when another process writes the file. Reading keeps its stamp, on which the state relies."""
    if not file.exists():
        return
    try:
        with run.database(file, read_only=True):
            pass
    except duckdb.Error as error:
        raised = in_use_error(error)
        if raised:  # any other complaint is about a file that this run is going to replace
            raise raised from error


def promote(run: Run, project_hash: str) -> None:
    """The candidates take their places. A crash in between leaves no state: the next run starts anew."""
    settings = run.settings
    check_free(run, settings.work_file)
    check_free(run, settings.quarantine_file)
    for candidate in (run.quarantine_candidate, run.work_candidate):
        with run.database(candidate):
            pass  # closing it writes everything into the file itself
    run.quarantine_candidate.chmod(0o600)
    try:
        state_file(settings).unlink(missing_ok=True)
        sync(settings.work_file.parent)
        for candidate, place in (
            (run.quarantine_candidate, settings.quarantine_file),
            (run.work_candidate, settings.work_file),
        ):
            place.with_name(place.name + ".wal").unlink(missing_ok=True)
            sync(candidate)
            candidate.replace(place)
            sync(place.parent)
            shutil.rmtree(candidate.parent, ignore_errors=True)
    except OSError as error:
        reason = f"The new work file couldn't be moved into its place ({error.strerror}: {error.filename})"
        raise RefreshError(ExitCode.BUILD, reason) from error
    write_state(run, project_hash, is_sound=False)
