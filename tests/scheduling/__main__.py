"""Loads the Dagster definitions and runs them on a small bank: some models, then a release.

    ./scripts/run test-dagster [--customers 200]

Runs in the environment of Dagster, which has no pytest. Exit code 1 and a traceback when something is wrong.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOME_MODELS = ["stg_core__customers", "stg_core__parties"]


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", default="200")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dagster-") as folder:
        home = Path(folder) / "home"
        os.environ.update(DEPOSITS_HOME=str(home), DEPOSITS_LANDING=str(home / "landing"))
        bank = ["--landing", str(home / "landing"), "--truth", str(home / "truth"), "--months", "6"]
        run("scripts.landing.synthetic", *bank, "--customers", options.customers)
        for name in ("work", "quarantine", "keys"):
            (home / name).mkdir(parents=True, exist_ok=True)
        run("scripts.landing.load_duckdb")
        try_definitions(home)
    return 0


def run(module: str, *arguments: str) -> None:
    """A module of the project, as its users start it."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.DEVNULL)


def try_definitions(home: Path) -> None:
    """Every model is an asset; models build, publish nothing; the job publishes, and a refused landing fails it."""
    from dagster import AssetSelection, DagsterInstance, materialize

    begun = time.perf_counter()
    from scripts.schedule import dagster_definitions as sample

    sample.definitions.validate_loadable(sample.definitions)
    keys = {key.to_python_identifier() for key in sample.models.keys}
    files = {path.stem for path in (sample.PROJECT / "models").rglob("*.sql")}
    assert len(keys) > len(files), "models and seeds"
    say(f"{len(keys)} assets of dbt loaded", begun)

    instance = DagsterInstance.get()
    begun = time.perf_counter()
    wanted = [key for key in sample.models.keys if key.path[-1] in SOME_MODELS]
    assert len(wanted) == len(SOME_MODELS)
    chosen = AssetSelection.assets(*wanted).upstream()
    resources = {"dbt": sample.DbtCliResource(project_dir=sample.PROJECT_OF_DBT)}
    done = materialize([sample.models], selection=chosen, resources=resources, instance=instance)
    assert done.success
    assert not (home / "releases").exists(), "models publish nothing"
    say(f"{len(done.get_asset_materialization_events())} models and seeds materialized", begun)

    begun = time.perf_counter()
    job = sample.definitions.resolve_job_def("publication")
    assert job.execute_in_process(instance=instance).success
    (event,) = instance.fetch_materializations(sample.release.key, limit=1).records
    metadata = event.asset_materialization.metadata
    assert metadata["run_id"].value == (home / "releases" / "current").readlink().name
    say(f"release of {metadata['as_of_date'].value} published", begun)

    begun = time.perf_counter()
    (accounts,) = (home / "landing" / "core").glob("accounts*")
    accounts.rename(accounts.with_name("gone"))
    failed = job.execute_in_process(instance=instance, raise_on_error=False)
    (failure,) = [event for event in failed.all_events if event.is_step_failure]
    reason = failure.step_failure_data.user_failure_data
    assert reason.metadata["exit_code"].value == 4, reason
    assert "required table core.accounts is absent" in reason.description
    assert (home / "releases" / "current").readlink().name == metadata["run_id"].value
    say("a refused landing fails the run, and the old release stays", begun)

    schedule = sample.definitions.resolve_schedule_def("nightly_publication")
    assert schedule.cron_schedule == sample.NIGHTLY
    say("schedule: " + schedule.cron_schedule, begun)


def say(text: str, begun: float) -> None:
    """A line of progress."""
    print(f"{text} ({time.perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
