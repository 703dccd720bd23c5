"""What a refresh would do: the landing is checked and the months are found, nothing is kept but the logs."""

from __future__ import annotations

from scripts.refresh.build import dbt_environment, note_months, run_dbt
from scripts.refresh.candidate import beginning_candidate, prepare_candidate, remove_candidates
from scripts.refresh.landing_stage import check, inspect, make_views
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.pipeline import print_plan
from scripts.refresh.release import served
from scripts.refresh.run import Run
from scripts.refresh.run_log import changed_files
from scripts.refresh.state import hash_project, plan_build
from scripts.refresh.withdrawn import refuse_withdrawn

# the models up to the window, without their tests
WINDOW = ("--select", "+rebuild_window", "--exclude-resource-type", "test")


def dry_run(run: Run) -> None:
    """Says what would be done."""
    run.project_hash = hash_project()
    run.compared_with = served(run.settings.releases)
    try:
        with run.stage("landing"):
            tables = inspect(run, run.project_hash)
            _print_changed(changed_files(run))
            refuse_withdrawn(run)
            check(run, tables)
            plan = plan_build(run, run.project_hash)
            run.full_refresh_reason = plan.reason if plan.is_full_refresh else None
        print_plan(plan)
        if plan.is_full_refresh:
            print("  all months would be made")
        else:
            with run.stage("build"):
                with beginning_candidate(run, plan) as copied:
                    prepare_candidate(run, plan, copied)
                make_views(run, tables)
                with dbt_environment(run) as _:
                    result = run_dbt(run, plan, *WINDOW)
                if not result.success:
                    raise RefreshError(ExitCode.BUILD, f"The months couldn't be found; see {run.log_file}.")
                note_months(run)
    finally:
        remove_candidates(run)
    print(f"  after the checks it would replace the release {run.compared_with or '(none yet)'}")
    run.summary = "Dry run: nothing was built or published."
    print(run.summary)


def _print_changed(changed: list[str] | None) -> None:
    if changed is None:
        print("  no published run to compare the files with: all are new")
        return
    print(f"  new or changed since the last published run: {len(changed)} files")
    for name in changed:
        print(f"    {name}")
