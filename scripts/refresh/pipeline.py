"""The stages of a refresh in order; each raises a RefreshError when the run must stop."""

from __future__ import annotations

import os

from scripts.landing.read_files import note_read_files
from scripts.refresh.audit import audit, refuse
from scripts.refresh.build import build
from scripts.refresh.candidate import beginning_candidate, prepare_candidate, prepare_home, promote
from scripts.refresh.drift import judge_drift, refuse_drift
from scripts.refresh.extract_keys import SETTING, are_extracts_written
from scripts.refresh.landing_stage import check, inspect, make_keys, make_views
from scripts.refresh.marts_file import find_openssl
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import prune_releases, publish, served
from scripts.refresh.run import Run
from scripts.refresh.run_log import changed_files, log_file, note_progress
from scripts.refresh.state import Plan, hash_project, plan_build, write_state
from scripts.refresh.withdrawn import refuse_withdrawn


def refresh(run: Run) -> None:
    """Builds what changed, checks it, publishes it."""
    keep = _releases_to_keep()
    if are_extracts_written():
        find_openssl()
    run.project_hash = hash_project()
    prepare_home(run)
    with run.stage("landing"):
        tables = inspect(run, run.project_hash)
        print_news(changed_files(run))
        refuse_withdrawn(run)
        note_progress(run)
        make_keys(run)
        note_read_files(run.settings, tables)
        plan = plan_build(run, run.project_hash)
        with beginning_candidate(run, plan) as copied:
            check(run, tables)
    with run.stage("build"):
        run.full_refresh_reason = plan.reason if plan.is_full_refresh else None
        run.built_upon = plan.built_upon
        print_plan(plan)
        prepare_candidate(run, plan, copied)
        make_views(run, tables)
        build(run, plan)
        promote(run, run.project_hash)
    audit_and_publish(run, keep)
    _print_results(run)


def audit_and_publish(run: Run, keep: int) -> None:
    """From a built work file to a served release."""
    with run.stage("audit"):
        validation, wrong_build, too_many_rejected = audit(run)
        write_state(run, run.project_hash, is_sound=not wrong_build)
        if wrong_build or too_many_rejected:
            raise refuse(run, [*wrong_build, *too_many_rejected])
        drift = judge_drift(run)
        refuse_drift(run, drift)
    with run.stage("publish"):
        before = served(run.settings.releases)
        publish(run, validation, run.project_hash, drift)
        if not are_extracts_written():
            print(f"  no extracts for departments were written: {SETTING}=off")
        try:
            for name in prune_releases(run.settings.releases, keep, before):
                print(f"  removed the old release {name}")
        except OSError as error:  # what matters is served
            print(f"  an old release couldn't be removed ({error.strerror}: {error.filename})")
    run.summary = f"Published {run.run_id}, month {run.as_of_date}, rule version {run.rule_version}."


def _releases_to_keep() -> int:
    text = os.environ.get("DEPOSITS_KEEP_RELEASES") or "5"
    if not text.isdecimal() or int(text) < 1:
        raise RefreshError(ExitCode.USAGE, f"DEPOSITS_KEEP_RELEASES must be a whole number from 1 on, not '{text}'.")
    return int(text)


def print_news(changed: list[str] | None) -> None:
    """What has been landed since the last published run."""
    if changed is not None:
        print(f"  new or changed since the last published run: {len(changed)} files")


def print_plan(plan: Plan) -> None:
    """How much is built, and why."""
    print(f"  {'full refresh' if plan.is_full_refresh else 'incremental'}: {plan.reason}", flush=True)


def _print_results(run: Run) -> None:
    current = run.settings.releases / "current"
    print(
        f"{run.summary}\n"
        f"  marts (schema marts)  {current / 'warehouse.duckdb'}\n"
        f"  manifest, validation  {current / 'manifest.json'}, {current / 'validation.json'}\n"
        f"  run log (table runs)  {log_file(run.settings)}\n"
        "For example:\n"
        f"  python -c \"import duckdb; duckdb.connect('{current / 'warehouse.duckdb'}', read_only=True).sql('"
        "select"
        " segment_label, customer_count, aum_1m from marts.segment_sizes_monthly"
        f" where as_of_date = (select max(as_of_date) from marts.segment_sizes_monthly)').show()\""
    )
