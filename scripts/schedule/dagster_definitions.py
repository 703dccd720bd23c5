"""The warehouse in Dagster: every dbt model an asset, the release another one, and a nightly schedule for it.

    ./scripts/run dagster dev -m scripts.schedule.dagster_definitions

The models are for development: materializing some of them builds in the work file, and publishes nothing. What is
served comes from the asset `release` alone, which runs the whole refresh with its lock, gates, audit and atomic swap;
it doesn't depend on the models, because it builds in files of its own.
"""

import json  # no deferred annotations here: Dagster reads those of its contexts
import os
import subprocess
from collections.abc import Iterator

from dagster import (
    AssetExecutionContext,
    DefaultScheduleStatus,
    Definitions,
    Failure,
    MaterializeResult,
    ScheduleDefinition,
    asset,
    define_asset_job,
)
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

from scripts.refresh.outcome import ExitCode
from scripts.settings import PROJECT, read_settings

SETTINGS = read_settings()
NIGHTLY = "30 4 * * *"
PROJECT_OF_DBT = DbtProject(
    project_dir=PROJECT,
    profiles_dir=PROJECT / "profiles",
    target_path=SETTINGS.home / "target",
)
if not PROJECT_OF_DBT.manifest_path.exists():
    PROJECT_OF_DBT.preparer.prepare(PROJECT_OF_DBT)


@dbt_assets(manifest=PROJECT_OF_DBT.manifest_path, project=PROJECT_OF_DBT)
def models(context: AssetExecutionContext, dbt: DbtCliResource) -> Iterator:
    """Models, seeds and those tests whose tables are there, in the work file."""
    yield from dbt.cli(["build", "--indirect-selection", "buildable"], context=context).stream()


@asset(group_name="publication", description="The served release: the whole refresh, with all its gates.")
def release(context: AssetExecutionContext) -> MaterializeResult:
    """Runs the refresh as a scheduler would; its exit code decides."""
    command = [str(PROJECT / "scripts" / "run"), "refresh"]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)
    context.log.info(done.stdout)
    if done.returncode != ExitCode.PUBLISHED:
        raise Failure(
            description=done.stderr.strip() or "The refresh failed; the release served so far stays.",
            metadata={"exit_code": done.returncode},
            allow_retries=False,
        )
    manifest = json.loads((SETTINGS.releases / "current" / "manifest.json").read_text(encoding="utf-8"))
    shown = ("run_id", "as_of_date", "rule_version")
    return MaterializeResult(metadata={name: manifest[name] for name in shown} | {"tables": len(manifest["tables"])})


publication = define_asset_job("publication", selection=[release])
nightly = ScheduleDefinition(
    name="nightly_publication",
    job=publication,
    cron_schedule=NIGHTLY,
    default_status=DefaultScheduleStatus.STOPPED,  # switched on by a person
)

definitions = Definitions(
    assets=[models, release],
    jobs=[publication],
    schedules=[nightly],
    resources={"dbt": DbtCliResource(project_dir=PROJECT_OF_DBT)},
)
