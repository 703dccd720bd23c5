"""Stage `build`: `dbt build` into the candidate, in this process; its log holds no landed value."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from scripts.refresh.dbt_report import describe_failures, describe_success, describe_warnings
from scripts.refresh.events import SECRETS
from scripts.refresh.outcome import ExitCode, RefreshError, in_use_error, redacted
from scripts.refresh.run import DRY_RUN, Run
from scripts.refresh.second_attempt import out_of_memory, with_second_attempt
from scripts.refresh.state import Plan
from scripts.settings import PROJECT

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt_common.events.base_types import EventMsg

KEPT_VARIABLES = ("DBT_THREADS", "DBT_TARGET_PATH")
# Unit tests judge the code, in development; some need relations that a first build hasn't made yet.
EXCLUDED_KINDS = ("unit_test",)
# dbt's own printing and log file are off: its error messages may quote landed values
QUIET = ("--log-level", "none", "--log-level-file", "none", "--no-print", "--no-use-colors")
# the incremental strategies of marts
KEEPS_MONTHS = "publish_months"
KEEPS_CUSTOMERS = "publish_customers"


def build(run: Run, plan: Plan) -> None:
    """Builds and tests everything; raises with what to do when a model or a test fails."""
    with dbt_environment(run) as target_path:
        result = run_dbt(run, plan)
        _redact_run_results(target_path)
        nodes = _nodes(result)
        names = out_of_memory(nodes)
        if names:
            print(f"  out of memory: {', '.join(names)}; once more, one model at a time (as DBT_THREADS=1 does)")
            result = _invoke(run, ["retry", "--threads", "1", *QUIET])
            _redact_run_results(target_path)
            nodes = with_second_attempt(nodes, _nodes(result))
    for error in (result.exception, *(node.message for node in nodes)):
        raised = in_use_error(error)
        if raised:
            raise raised
    if result.exception is not None:
        raise RefreshError(
            ExitCode.BUILD,
            f"dbt couldn't build: {redacted(str(result.exception)).strip()}\n"
            f"The last good work file and the served release stay as they are. Log: {run.log_file}",
        )
    refuse_empty_ledger(run)
    if not result.success:
        failures = "\n".join(f"  {line}" for line in describe_failures(nodes))
        raise RefreshError(
            ExitCode.BUILD,
            f"The build failed; the last good work file and the served release stay as they are.\n{failures}\n"
            f"The unfinished work file is kept until the next refresh: {run.work_candidate}\n"
            f"Compiled SQL: {target_path / 'compiled'}; log: {run.log_file}",
        )
    print(f"  {describe_success(nodes)}")
    for line in describe_warnings(nodes):
        print(f"  {line}")
    run.monthly_marts = _names(nodes, KEEPS_MONTHS)
    run.customer_marts = _names(nodes, KEEPS_CUSTOMERS)
    note_months(run)


def _nodes(result: dbtRunnerResult) -> list[Any]:
    return list(getattr(result.result, "results", None) or [])


def _names(nodes: list[Any], strategy: str) -> frozenset[str]:
    return frozenset(
        node.node.alias for node in nodes if getattr(node.node.config, "incremental_strategy", None) == strategy
    )


@contextmanager
def dbt_environment(run: Run) -> Iterator[Path]:
    """What the profile and dbt read from the environment, put back afterwards; dbt never sees the secret key."""
    saved = dict(os.environ)
    for name in saved:
        if name.startswith("DBT_") and name not in KEPT_VARIABLES:
            del os.environ[name]  # DBT_EMPTY, DBT_EXCLUDE_RESOURCE_TYPES ... would weaken the build unseen
    target_path = Path(saved.get("DBT_TARGET_PATH") or run.settings.home / "target").absolute()
    os.environ.update(
        DBT_PROJECT_DIR=str(PROJECT),
        DBT_PROFILES_DIR=str(PROJECT / "profiles"),
        DBT_TARGET_PATH=str(target_path),
        DBT_LOG_PATH=str(run.log_file.parent),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
        DEPOSITS_HOME=str(run.settings.home),
        DEPOSITS_LANDING=str(run.settings.landing),
        DEPOSITS_WORK_FILE=str(run.work_candidate),
        DEPOSITS_QUARANTINE_FILE=str(run.quarantine_candidate),
    )
    for name in [name for name in os.environ if name.startswith(SECRETS)]:
        del os.environ[name]
    try:
        yield target_path
    finally:
        os.environ.clear()
        os.environ.update(saved)


def build_command(*, is_full_refresh: bool) -> list[str]:
    """What dbt builds and tests: without a full refresh the seeds are those of the work file, and have been tested."""
    command = ["build"]
    for kind in EXCLUDED_KINDS:
        command += ["--exclude-resource-type", kind]
    return command + (["--full-refresh"] if is_full_refresh else ["--exclude", "path:seeds"])


def run_dbt(run: Run, plan: Plan, *selection: str) -> dbtRunnerResult:
    """A build and its tests, or a part of them."""
    variables = {"as_of_date": run.as_of.isoformat() if run.as_of else ""}
    if run.base_currency:
        variables["base_currency"] = run.base_currency
    arguments = build_command(is_full_refresh=plan.is_full_refresh)
    arguments += ["--target", "duckdb", "--vars", json.dumps(variables)]
    return _invoke(run, [*arguments, *QUIET, *selection])


def _invoke(run: Run, arguments: list[str]) -> dbtRunnerResult:
    from dbt.cli.main import dbtRunner

    # dbt makes a thousand objects a node, which mostly go by themselves: to look for cycles takes a twentieth of its
    # time, and what it leaves stays until this process ends
    gc.disable()
    with run.log_file.open("a", encoding="utf-8") as log:

        def keep(event: EventMsg) -> None:
            if event.info.level not in ("debug", "test") and event.info.msg.strip():  # ty: ignore[missing-attribute]
                log.write(f"{run.run_id} {event.info.level:5} {redacted(event.info.msg)}\n")  # ty: ignore[missing-attribute]

        try:
            return dbtRunner(callbacks=[keep]).invoke(arguments)
        finally:
            gc.freeze()
            gc.enable()
            close_databases()


def close_databases() -> None:
    """dbt keeps the databases open for its next command in this process; they are about to be moved."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


def _redact_run_results(target_path: Path) -> None:
    """dbt writes the database's messages into run_results.json."""
    file = target_path / "run_results.json"
    if not file.exists():
        return
    content = json.loads(file.read_text(encoding="utf-8"))
    for result in content["results"]:
        result["message"] = redacted(result["message"]) if result["message"] else result["message"]
    file.write_text(json.dumps(content), encoding="utf-8")


def refuse_empty_ledger(run: Run) -> None:
    """A landing without any accepted transaction, or without a whole month, has nothing to publish."""
    try:
        with run.database(run.work_candidate, read_only=True) as connection:
            ((month_count,),) = connection.execute("select count(*) from panel.ledger_months").fetchall()
            query = "select min(booked_date) from staging.stg_core__transactions"
            ((first_date,),) = connection.execute(query).fetchall()
    except duckdb.CatalogException:
        return  # the build broke off before: its own errors say why
    if first_date is None:
        raise RefreshError(
            ExitCode.LANDING,
            "No transaction of the landing is accepted: there is no month to publish. Nothing was changed.\n"
            "The quarantine file says why, row by row (table quarantine.quarantine.quarantined_rows): "
            f"{run.quarantine_candidate}",
        )
    if month_count == 0:
        asked = f"The month asked for ({run.as_of})" if run.as_of else "The newest whole month"
        raise RefreshError(
            ExitCode.LANDING,
            f"{asked} lies before the first month of the ledger, {first_date:%Y-%m}. Nothing was changed.",
        )


def note_months(run: Run) -> None:
    """The newest month, and from which one on was made again what."""
    query = """
        select
            (select max(as_of_date) from panel.ledger_months),
            (select max(month_number) from panel.ledger_months),
            min(rebuild_from_month_number),
            min(rebuild_from_month_number) filter (account_sk is null and customer_sk is null),
            count(customer_sk)
        from panel.rebuild_window
    """
    with run.database(run.work_candidate, read_only=True) as connection:
        ((run.as_of_date, last_month, first, first_of_all, customer_count),) = connection.execute(query).fetchall()
    made_again = []
    if first_of_all <= last_month:
        run.all_rebuilt_from = _month(first_of_all)
        made_again.append(f"the months from {run.all_rebuilt_from} on")
    if first <= last_month:
        run.rebuilt_from = _month(first)
    if customer_count:
        made_again.append(f"of {customer_count:,} customers those from {run.rebuilt_from} on")
    verb = "would be made again" if run.kind == DRY_RUN else "made again"
    print(f"  newest month {run.as_of_date}; {verb}: {', '.join(made_again) or 'no month: nothing has changed'}")


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
