"""The stages in order; each raises a RefreshError when the run must stop."""

from __future__ import annotations

import os

from scripts.refresh.audit import audit, refuse
from scripts.refresh.build import build
from scripts.refresh.candidate import prepare_candidate, prepare_home, promote
from scripts.refresh.landing_stage import inspect, make_keys, make_views, parse_as_of
from scripts.refresh.lock import refresh_lock
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import prune_releases, publish
from scripts.refresh.run import Run
from scripts.refresh.run_log import changed_files, log_file, write_run_log
from scripts.refresh.state import Plan, hash_project, plan_build, write_state
from scripts.settings import Settings


def refresh(
    settings: Settings, *, as_of_text: str | None, is_full_refresh_asked: bool, base_currency: str | None = None
) -> None:
    """Runs all stages under the lock and notes the run in the log, however it ends."""
    keep = _releases_to_keep()
    run = Run(settings, is_full_refresh_asked=is_full_refresh_asked, base_currency=base_currency)
    plan: Plan | None = None
    code = ExitCode.UNEXPECTED
    with refresh_lock(settings.home):
        try:
            prepare_home(run)
            run.as_of = parse_as_of(as_of_text)
            project_hash = hash_project()
            with run.stage("landing"):
                tables = inspect(run, project_hash)
                _print_news(changed_files(run))
                make_keys(run)
                plan = plan_build(run, project_hash)
                prepare_candidate(run, plan)
                make_views(run, tables)
            with run.stage("build"):
                print(
                    f"  {'full refresh' if plan.is_full_refresh else 'incremental'}: {plan.reason}",
                    flush=True,
                )
                build(run, plan)
                promote(run, project_hash)
            _audit_and_publish(run, project_hash, keep)
            code = ExitCode.PUBLISHED
        except RefreshError as error:
            code = error.code
            raise
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
            raise
        finally:
            write_run_log(run, code, plan.reason if plan and plan.is_full_refresh else None)
    _print_results(run)


def _audit_and_publish(run: Run, project_hash: str, keep: int) -> None:
    with run.stage("audit"):
        validation, wrong_build, too_many_rejected = audit(run)
        write_state(run, project_hash, is_sound=not wrong_build)
        if wrong_build or too_many_rejected:
            raise refuse(run, [*wrong_build, *too_many_rejected])
    with run.stage("publish"):
        publish(run, validation, project_hash)
        for name in prune_releases(run.settings.releases, keep):
            print(f"  removed the old release {name}")


def _releases_to_keep() -> int:
    text = os.environ.get("DEPOSITS_KEEP_RELEASES") or "5"
    if not text.isdecimal() or int(text) < 1:
        raise RefreshError(ExitCode.USAGE, f"DEPOSITS_KEEP_RELEASES must be a whole number from 1 on, not '{text}'.")
    return int(text)


def _print_news(changed: list[str] | None) -> None:
    if changed is not None:
        print(f"  new or changed since the last published run: {len(changed)} files")


def _print_results(run: Run) -> None:
    current = run.settings.releases / "current"
    print(
        f"Published {run.run_id}, month {run.as_of_date}, rule version {run.rule_version}.\n"
        f"  marts (schema marts)  {current / 'warehouse.duckdb'}\n"
        f"  manifest, validation  {current / 'manifest.json'}, {current / 'validation.json'}\n"
        f"  run log (table runs)  {log_file(run)}\n"
        "For example:\n"
        f"  python -c \"import duckdb; duckdb.connect('{current / 'warehouse.duckdb'}', read_only=True).sql('"
        "select"
        " segment_label, customer_count, aum_1m from marts.segment_sizes_monthly"
        f" where as_of_date = (select max(as_of_date) from marts.segment_sizes_monthly)').show()\""
    )
