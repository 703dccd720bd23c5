"""python -m scripts.refresh: builds aside, checks, publishes by one swap, and never harms what is served."""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import duckdb
import pytest
from refresh_bank import (
    BIRTH_DATE,
    CANARIES,
    HAS_ENCRYPTION,
    KEY,
    Bank,
    Outcome,
    bank,
    find_bytes,
    find_in_tables,
    needs_encryption,
    without_data_tests,
)

from scripts.evaluate import main as evaluate
from scripts.landing.contract import contract_tables
from scripts.refresh import build as build_stage
from scripts.refresh import dry_run, extract_keys, history, marts_file, pipeline, release, rollback, verify
from scripts.refresh.candidate import beginning_candidate, prepare_candidate
from scripts.refresh.durable import write_json
from scripts.refresh.outcome import ExitCode, in_use_error, redacted
from scripts.refresh.run import Run
from scripts.refresh.run_log import note_start
from scripts.refresh.state import Plan, hash_project, plan_build

PROJECT = Path(__file__).resolve().parents[2]
SOUND = "update marts.data_reconciliation set is_publishable = true"  # the story ends with a bad delivery


@dataclass(frozen=True)
class Story:
    """A bank's refreshes in order, and the manifests of the published ones."""

    bank: Bank
    outcomes: dict[str, Outcome]
    manifests: dict[str, dict]


def manifest(of: Bank) -> dict:
    return json.loads((of.current / "manifest.json").read_text(encoding="utf-8"))


def hashes(content: dict) -> dict[str, str]:
    return {name: table["content_hash"] for name, table in content["tables"].items()}


def rows(file: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module", autouse=True)
def quick_builds():
    with without_data_tests():
        yield


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    """First refresh, the same again, the next month, the same in a fresh home, then a bad delivery."""
    root = tmp_path_factory.mktemp("refresh")
    place = Bank(root / "landing", root / "home")
    outcomes, manifests = {}, {}

    def refresh(name: str, where: Bank, *arguments: str) -> None:
        outcomes[name] = where.refresh(*arguments)
        if outcomes[name].code == 0:
            manifests[name] = manifest(where)

    bank(3).write(place.landing)
    refresh("first", place)
    refresh("same", place)
    bank(4).write(place.landing)
    refresh("next month", place)
    refresh("fresh home", Bank(place.landing, root / "fresh"), "--full-refresh")
    bad = bank(4)
    for number in range(25):
        bad.transaction("A1", "2024-04-20 10:00:00", "much", transaction_id=f"BAD{number}")
    bad.write(place.landing)
    refresh("bad delivery", place)
    bank(4).write(place.landing)
    return Story(place, outcomes, manifests)


@pytest.fixture
def home(story, tmp_path) -> Bank:
    """A copy of the story's bank, to be spoiled; without its parsed project, which names the old folders."""
    shutil.copytree(story.bank.home, tmp_path / "home", symlinks=True, ignore=shutil.ignore_patterns("target"))
    shutil.copytree(story.bank.landing, tmp_path / "landing")
    return Bank(tmp_path / "landing", tmp_path / "home")


@pytest.fixture
def copied_build(monkeypatch):
    """Stands in for dbt: the candidate is the last work file, after a statement of the test's own."""

    def use(statement: str = "select 1") -> None:
        def copy(run: Run, plan: object) -> None:
            shutil.copyfile(run.settings.work_file, run.work_candidate)
            shutil.copyfile(run.settings.quarantine_file, run.quarantine_candidate)
            with duckdb.connect(str(run.work_candidate)) as connection:
                connection.execute(statement)
            build_stage.note_months(run)

        monkeypatch.setattr(pipeline, "build", copy)

    return use


# ---- what a good refresh does --------------------------------------------------------------------


def test_first_refresh_publishes_the_marts_alone(story):
    first = story.outcomes["first"]
    assert first.code == ExitCode.PUBLISHED, first.err
    assert "full refresh: there is no earlier build" in first.out
    assert "select segment_label" in first.out, "the end shows an example query"
    assert story.bank.current.is_symlink()
    assert {path.name for path in story.bank.current.iterdir()} == {
        *(["departments"] if HAS_ENCRYPTION else []),
        "manifest.json",
        "validation.json",
        "warehouse.duckdb",
    }
    tables = rows(
        story.bank.current / "warehouse.duckdb",
        "select schema_name from duckdb_tables() union select schema_name from duckdb_views() where not internal",
    )
    assert tables == [("marts",)]


@needs_encryption
def test_each_department_has_an_extract_of_its_own(story):
    folder = story.bank.current / "departments"
    listed = story.manifests["first"]["departments"]
    assert {path.name for path in folder.iterdir()} == {f"{name}.duckdb" for name in listed}
    assert listed.keys() == {"marketing", "service", "risk", "management"}
    for name, tables in listed.items():
        key = extract_keys.read_extract_key(story.bank.settings, name)
        with marts_file.open_file(story.bank.settings, folder / f"{name}.duckdb", key) as extract:
            query = "select schema_name, table_name from duckdb_tables() where database_name = 'release' order by all"
            found = extract.execute(query).fetchall()
            uncommented = extract.execute(
                "select table_name, column_name from duckdb_columns()"
                " where database_name = 'release' and comment is null"
            ).fetchall()
        assert found == [(f"marts_{name}", table) for table in sorted(tables)], name
        assert not uncommented, name
    assert listed["marketing"]["marketing_customers"]["row_count"] == 30


def test_release_keeps_types_constraints_and_comments(story):
    described = (
        "select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = 'marts'"
        " order by all"
    )
    constraints = (
        "select table_name, constraint_type, expression, constraint_column_names from duckdb_constraints()"
        " where schema_name = 'marts' order by all"
    )
    for query in (described, constraints):
        assert rows(story.bank.current / "warehouse.duckdb", query) == rows(story.bank.settings.work_file, query)


def test_manifest_says_what_was_published(story):
    content = story.manifests["next month"]
    assert content["as_of_date"] == "2024-04-30"
    assert content["rule_version"]
    assert content["versions"]["duckdb"] == duckdb.__version__
    for name, table in content["tables"].items():
        query = f"select count(*) from marts.{name}"
        assert rows(story.bank.current / "warehouse.duckdb", query) == [(table["row_count"],)], name
    assert content["tables"]["customer_features_monthly"]["row_count"] == 4 * 30


def test_unchanged_landing_gives_the_same_rows(story):
    same = story.outcomes["same"]
    assert same.code == ExitCode.PUBLISHED, same.err
    assert "incremental: only the months that changed" in same.out
    assert "made again: no month: nothing has changed" in same.out
    assert "new or changed since the last published run: 0 files" in same.out
    assert hashes(story.manifests["same"]) == hashes(story.manifests["first"])


def test_next_month_gives_what_a_full_refresh_gives(story):
    grown = story.outcomes["next month"]
    assert grown.code == ExitCode.PUBLISHED, grown.err
    assert "incremental" in grown.out
    assert "made again: the months from 2024-04 on" in grown.out
    assert "new or changed since the last published run: 1 files" in grown.out
    assert hashes(story.manifests["next month"]) != hashes(story.manifests["first"])
    assert hashes(story.manifests["next month"]) == hashes(story.manifests["fresh home"])


def test_without_the_quarantine_all_files_are_judged_again(home, story):
    home.settings.quarantine_file.unlink()
    outcome = home.refresh()
    assert outcome.code == ExitCode.PUBLISHED, outcome.err
    assert hashes(manifest(home)) == hashes(story.manifests["next month"])
    query = "select count(*) from quarantine.quarantine.core__transactions_judged"
    assert rows(home.settings.quarantine_file, query) != [(0,)]


def test_a_release_that_goes_on_with_the_last_one_is_in_order_and_holds_the_published_months(story):
    query = "select as_of_date, customer_key from marts.customer_features_monthly"
    found = rows(story.bank.home / "releases" / story.manifests["next month"]["run_id"] / "warehouse.duckdb", query)
    assert found == sorted(found)
    assert len({month for month, _ in found}) == 4


def test_run_log_knows_every_run(story):
    log = story.bank.home / "run_log.duckdb"
    logged = rows(log, "select result, exit_code, as_of_date::varchar, rebuilt_from from runs order by run_id")
    assert logged[:4] == [
        ("published", 0, "2024-03-31", "2024-01"),
        ("published", 0, "2024-03-31", None),
        ("published", 0, "2024-04-30", "2024-04"),
        ("audit", 6, "2024-04-30", None),
    ]
    stages = rows(log, "select map_keys(stage_seconds) from runs order by run_id limit 1")
    assert stages == [(["landing", "build", "audit", "publish"],)]
    files = rows(log, "select count(*), count(distinct file_sha256) from landing_files where file_name like '%trans%'")
    assert files[0][1] == 3, "three different deliveries of transactions"


def test_validation_result_is_released_without_values(story):
    content = json.loads((story.bank.current / "validation.json").read_text(encoding="utf-8"))
    assert content["door"] == "marts"
    assert content["is_blocked"] is False
    assert set(content["checks"][0]) == {
        "table",
        "expectation",
        "column",
        "severity",
        "success",
        "rows",
        "failing_rows",
        "worst",
        "notes",
    }


def test_keys_and_quarantine_are_private(story):
    for folder in ("keys", "quarantine"):
        assert stat.S_IMODE((story.bank.home / folder).stat().st_mode) == 0o700
    for file in ("keys/keys.duckdb", "quarantine/quarantine.duckdb"):
        assert stat.S_IMODE((story.bank.home / file).stat().st_mode) == 0o600


def test_a_person_may_go_on_with_plain_dbt(home):
    """The promoted work file is complete; the next refresh notices that somebody wrote it."""
    from dbt.cli.main import dbtRunner

    project = {"DBT_PROJECT_DIR": str(PROJECT), "DBT_PROFILES_DIR": str(PROJECT / "profiles")}
    scratch = {"DBT_TARGET_PATH": str(home.home / "target"), "DBT_LOG_PATH": str(home.home / "logs")}
    with home.environment(**project, **scratch):
        arguments = ["run", "--select", "core__transactions_judged+1", "--log-level", "none"]
        result = dbtRunner().invoke(arguments)
        build_stage.close_databases()
        assert result.success, result.exception or [node.message for node in result.result]
        plan = plan_build(Run(home.settings), hash_project())
    assert plan.is_full_refresh
    assert plan.reason == "the work file was written since the last refresh"


# ---- what stops a refresh ------------------------------------------------------------------------


def assert_untouched(place: Bank, before: Path) -> None:
    """The served release is the one from before, and complete."""
    assert place.current.readlink() == before
    assert rows(place.current / "warehouse.duckdb", "select count(*) > 0 from marts.customer_features_monthly")


def test_too_many_rejected_rows_are_built_but_not_published(story):
    outcome = story.outcomes["bad delivery"]
    assert outcome.code == ExitCode.AUDIT
    assert "core.transactions: 26 of 148 rows rejected" in outcome.err
    assert "17.57%" in outcome.err
    assert "Not a number in amount (26 rows)" in outcome.err
    assert str(story.bank.settings.quarantine_file) in outcome.err
    kept = "select count(*) from quarantine.quarantine.quarantined_rows where reason_code = 'bad_number'"
    assert rows(story.bank.settings.quarantine_file, kept) == [(26,)]
    unpublishable = "select count(*) from marts.data_reconciliation where not is_publishable"
    assert rows(story.bank.settings.work_file, unpublishable) == [(1,)]
    assert manifest(story.bank) == story.manifests["next month"]


def test_broken_landing_is_refused(home):
    before = home.current.readlink()
    work_file = home.settings.work_file.read_bytes()
    (home.landing / "core" / "accounts.csv").unlink()
    (home.landing / "core" / "customers.csv").write_bytes(b"")
    outcome = home.refresh()
    assert outcome.code == ExitCode.LANDING
    assert "core/accounts" in outcome.err
    assert "core/customers.csv" in outcome.err
    assert home.settings.work_file.read_bytes() == work_file
    assert_untouched(home, before)


def test_landing_that_makes_no_sense_is_refused(home):
    """The door in: most account numbers of the transactions are blank."""
    before = home.current.readlink()
    work_file = home.settings.work_file.read_bytes()
    shifted = bank(4)
    for row in shifted.rows["core.transactions"][10:]:
        row["account_id"] = ""
    shifted.write(home.landing)
    outcome = home.refresh()
    assert outcome.code == ExitCode.LANDING
    assert "core.transactions: account_id_blank_share" in outcome.out
    assert "critical expectations" in outcome.err
    assert home.settings.work_file.read_bytes() == work_file
    assert_untouched(home, before)


def test_marts_that_make_no_sense_are_not_published(home, copied_build):
    """The door out: assets that aren't deposits + market value."""
    before = home.current.readlink()
    bank(4).write(home.landing)
    copied_build(
        "update marts.customer_features_monthly set aum_1m = aum_1m + 1;"
        "update marts.data_reconciliation set is_publishable = true"
    )
    outcome = home.refresh()
    assert outcome.code == ExitCode.AUDIT
    assert "customer_features_monthly by month: aum_mismatch_count" in outcome.out
    assert "found 30" in outcome.out
    assert_untouched(home, before)
    with home.environment():
        assert plan_build(Run(home.settings), hash_project()).reason == "the last build failed its audit"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "update marts.data_reconciliation set landed_count = landed_count + 1, is_reconciled = false"
            " where table_name = 'accounts'",
            "core.accounts: 31 rows landed, but 30 accepted",
        ),
        (
            "update marts.balance_reconciliation_monthly set rounding_difference = 1 where as_of_date = '2024-02-29'",
            "balances of 2024-02-29 differ from the ledger by 1.00",
        ),
    ],
)
def test_figures_that_dont_add_up_are_not_published(home, copied_build, statement, message):
    before = home.current.readlink()
    copied_build(statement)
    outcome = home.refresh()
    assert outcome.code == ExitCode.AUDIT
    assert message in outcome.err
    assert_untouched(home, before)


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        ("2024-02-28", "isn't the last day of its month"),
        ("2024-13-31", "is no date"),
        ("yesterday", "is no date"),
    ],
)
def test_as_of_must_be_a_month_end(home, as_of, message):
    before = home.current.readlink()
    outcome = home.refresh("--as-of", as_of)
    assert outcome.code == ExitCode.LANDING
    assert message in outcome.err
    assert_untouched(home, before)


def test_failing_models_and_tests_are_named_without_values(home, tmp_path, monkeypatch):
    """A small dbt project whose model trips over a customer's name, and whose test finds two rows."""
    broken = tmp_path / "project"
    for folder in ("models", "tests", "profiles"):
        (broken / folder).mkdir(parents=True)
    shutil.copy(PROJECT / "profiles" / "profiles.yml", broken / "profiles")
    (broken / "dbt_project.yml").write_text(
        "name: broken\nversion: 1.0.0\nprofile: deposit_customers\nvars: {as_of_date: ''}\n", encoding="utf-8"
    )
    (broken / "models" / "names_as_numbers.sql").write_text(
        "{{ config(materialized='table') }} select cast(full_name as integer) as n from landing_core.customers",
        encoding="utf-8",
    )
    (broken / "models" / "sound.sql").write_text("select 1 as n", encoding="utf-8")
    (broken / "tests" / "nothing_is_one.sql").write_text(
        "select n from {{ ref('sound') }} union all select 1", encoding="utf-8"
    )
    (broken / "tests" / "tests.yml").write_text(
        "data_tests:\n  - name: nothing_is_one\n    description: Look at the ones and take them out\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(build_stage, "PROJECT", broken)
    before = home.current.readlink()
    work_file = home.settings.work_file.read_bytes()
    quarantine = home.settings.quarantine_file.read_bytes()
    monkeypatch.setattr(build_stage, "EXCLUDED_KINDS", ("unit_test",))
    outcome = home.refresh()
    assert outcome.code == ExitCode.BUILD
    assert "model names_as_numbers: Runtime Error" in outcome.err
    assert "Could not convert string '…' to INT32" in outcome.err
    assert "test nothing_is_one: 2 failing rows. Look at the ones and take them out" in outcome.err
    assert home.settings.work_file.read_bytes() == work_file
    assert home.settings.quarantine_file.read_bytes() == quarantine
    assert_untouched(home, before)
    assert CANARIES["full_name"] not in outcome.out + outcome.err
    for folder in ("logs", "target"):
        for file in (home.home / folder).rglob("*"):
            assert not file.is_file() or not find_bytes(file)


def test_models_that_ran_out_of_memory_are_built_again_alone(home, tmp_path, monkeypatch):
    """A small dbt project one of whose models needs more memory than it has while another is built beside it."""
    project = tmp_path / "project"
    for folder in ("models", "profiles"):
        (project / folder).mkdir(parents=True)
    shutil.copy(PROJECT / "profiles" / "profiles.yml", project / "profiles")
    (project / "dbt_project.yml").write_text(
        "name: large\nversion: 1.0.0\nprofile: deposit_customers\nvars: {as_of_date: ''}\n", encoding="utf-8"
    )
    failing = "select error('Out of Memory Error: could not allocate block')"
    models = {
        "large": f"{{% if target.threads > 1 %}} {failing} {{% else %}} select 1 as n {{% endif %}}",
        "after_it": "select n from {{ ref('large') }}",
        "beside_it": "select 1 as n",
    }
    for name, query in models.items():
        (project / "models" / f"{name}.sql").write_text("{{ config(materialized='table') }} " + query, "utf-8")
    monkeypatch.setattr(build_stage, "PROJECT", project)
    monkeypatch.setenv("DBT_THREADS", "2")
    outcome = home.refresh()
    assert outcome.code == ExitCode.AUDIT, outcome.err  # it was built; the story's last delivery is a bad one
    assert "out of memory: large; once more, one model at a time" in outcome.out
    assert "3 models: all good" in outcome.out

    (project / "models" / "large.sql").write_text(f"{{{{ config(materialized='table') }}}} {failing}", "utf-8")
    before = home.current.readlink()
    outcome = home.refresh()
    assert outcome.code == ExitCode.BUILD
    assert "model large: Runtime Error" in outcome.err
    assert_untouched(home, before)


def test_no_accepted_transaction_is_refused(home, copied_build, monkeypatch):
    before = home.current.readlink()
    copied_build("delete from panel.ledger_months; delete from staging.stg_core__transactions")
    monkeypatch.setattr(build_stage, "note_months", build_stage.refuse_empty_ledger)
    outcome = home.refresh()
    assert outcome.code == ExitCode.LANDING
    assert "No transaction of the landing is accepted" in outcome.err
    assert_untouched(home, before)


def test_month_before_the_ledger_is_refused(home, copied_build, monkeypatch):
    copied_build("delete from panel.ledger_months")
    monkeypatch.setattr(build_stage, "note_months", build_stage.refuse_empty_ledger)
    outcome = home.refresh("--as-of", "2019-12-31")
    assert outcome.code == ExitCode.LANDING
    assert "(2019-12-31) lies before the first month of the ledger, 2024-01" in outcome.err


def test_file_in_use_is_named(home):
    """Somebody's session on the work file: the refresh ends before it builds anything."""
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(home.settings.work_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        outcome = home.refresh()
        holder.stdin.close()
    assert outcome.code == ExitCode.IN_USE
    assert f"in use by process {holder.pid}: {home.settings.work_file}" in outcome.err


def test_crash_while_publishing_leaves_the_release_and_running_again_completes(home, copied_build, monkeypatch):
    before = home.current.readlink()
    copied_build(SOUND)
    with monkeypatch.context() as crashing:
        crashing.setattr(marts_file, "tally", lambda *_: 1 / 0)
        outcome = home.refresh()
    assert outcome.code == ExitCode.UNEXPECTED
    assert "Unexpected ZeroDivisionError" in outcome.err
    assert "Traceback" not in outcome.err
    assert_untouched(home, before)
    assert home.refresh().code == ExitCode.PUBLISHED
    assert home.current.readlink() != before
    assert not list((home.home / "releases").glob(f"{release.UNFINISHED}*"))


def test_of_two_starts_at_once_one_wins_and_the_newest_releases_are_kept(home, copied_build, monkeypatch):
    copied_build(SOUND)
    build, others = pipeline.build, []

    def build_meanwhile(*arguments: object) -> None:
        if not others:
            start = [sys.executable, "-P", "-m", "scripts.refresh"]
            with home.environment(PYTHONPATH=str(PROJECT)):
                others.append(subprocess.run(start, capture_output=True, text=True, check=False))
        build(*arguments)

    monkeypatch.setattr(pipeline, "build", build_meanwhile)
    for _ in range(2):
        assert home.refresh(DEPOSITS_KEEP_RELEASES="2").code == ExitCode.PUBLISHED
    assert others[0].returncode == ExitCode.LOCKED
    assert f"Another refresh of this home is running (process {os.getpid()}" in others[0].stderr
    kept = sorted(path.name for path in (home.home / "releases").iterdir() if path.is_dir() and not path.is_symlink())
    assert len(kept) == 2
    assert home.current.readlink() == Path(kept[-1])
    outcome = home.refresh(DEPOSITS_KEEP_RELEASES="none")
    assert outcome.code == ExitCode.USAGE
    assert "DEPOSITS_KEEP_RELEASES" in outcome.err


def test_run_log_in_use_loses_no_run(home, copied_build):
    copied_build(SOUND)
    count = "select count(*) from runs"
    log = home.home / "run_log.duckdb"
    before = rows(log, count)[0][0]
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(log)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "open\n"
        outcome = home.refresh("--as-of", "nonsense")
        holder.stdin.close()
    assert "The run log is in use" in outcome.out
    assert outcome.code == ExitCode.LANDING
    home.refresh("--as-of", "nonsense")
    assert rows(log, count) == [(before + 2,)]


# ---- drift, rollback, verification -----------------------------------------------------------------

FEWER = f"{SOUND}; delete from marts.customer_service_levels where right(customer_key, 1) < '8'"


def command(tool: ModuleType, place: Bank, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Runs one of the commands beside the refresh: exit code and what it printed."""
    capsys.readouterr()
    with place.environment():
        code = tool.main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_release_that_moves_too_far_waits_for_a_reason_and_can_be_rolled_back(home, copied_build, capsys):
    """Blocked, accepted, verified, rolled back, not published again unseen; all of it in the run log."""
    before = home.current.readlink()
    copied_build(FEWER)
    outcome = home.refresh()
    assert outcome.code == ExitCode.DRIFT, outcome.err
    assert "served_customers: customer_service_levels -0." in outcome.err
    assert f"drift against {before}" in outcome.out
    assert_untouched(home, before)

    copied_build(FEWER)
    accepted = home.refresh("--accept-drift", "branch  sold")
    assert accepted.code == ExitCode.PUBLISHED, accepted.err
    drifted = home.current.readlink()
    kept = manifest(home)["drift"]
    assert (kept["compared_with"], kept["accepted_reason"]) == (str(before), "branch sold")
    assert "served_customers" in {finding["check_code"] for finding in kept["findings"]}

    assert command(verify, home, capsys) == (0, f"{drifted}: as its manifest says\n")
    code, listed = command(rollback, home, capsys)
    assert code == 0
    assert f"{drifted}  served" in listed
    code, said = command(rollback, home, capsys, str(before), "--reason", "not sold after all")
    assert (code, home.current.readlink()) == (0, before), said
    assert command(rollback, home, capsys, "nonsense")[0] == ExitCode.USAGE

    refused = home.refresh()
    assert refused.code == ExitCode.DRIFT
    assert f"those of {drifted}, which was rolled back (not sold after all)" in refused.err
    again = home.refresh("--accept-drift", "sold again", DEPOSITS_KEEP_RELEASES="1")
    assert again.code == ExitCode.PUBLISHED, again.err
    assert f"drift against {before}" in again.out

    code, shown = command(history, home, capsys, "--json", "--last", "6")
    runs = [json.loads(line) for line in shown.splitlines()]
    expected = [("refresh", 9), ("refresh", 0), ("rollback", 0), ("rollback", 2), ("refresh", 9), ("refresh", 0)]
    assert [(run["kind"], run["exit_code"]) for run in runs] == expected
    assert [run["accepted_drift"] for run in runs][1] == "branch sold"
    assert "not sold after all" in runs[2]["message"]
    assert runs[5]["mart_rows"]["customer_360_current"] == 30
    assert all(run["os_user"] and run["project_version"] for run in runs)
    assert "not sold after all" in command(history, home, capsys)[1]

    damaged = home.current.resolve()
    content = manifest(home)
    content["tables"]["customer_360_current"]["content_hash"] = "of another DuckDB"
    write_json(damaged / "manifest.json", content)
    assert "table customer_360_current has changed" in command(verify, home, capsys)[1]
    content["versions"]["duckdb"] = "0.1"
    write_json(damaged / "manifest.json", content)
    assert command(verify, home, capsys)[0] == 0
    with (damaged / "warehouse.duckdb").open("ab") as file:
        file.write(b"x")
    (damaged / "stray.txt").touch()
    code, said = command(verify, home, capsys, "--all")
    assert code == 1
    assert "file warehouse.duckdb has changed" in said
    assert "file stray.txt isn't listed" in said


def test_the_release_served_is_never_pruned(home, copied_build, capsys):
    """An old release that was rolled back to stays, whatever is kept."""
    oldest = sorted(path.name for path in (home.home / "releases").iterdir() if not path.is_symlink())[0]
    assert command(rollback, home, capsys, oldest)[0] == 0
    assert release.prune_releases(home.settings.releases, 1) != []
    assert home.current.readlink() == Path(oldest)
    assert home.current.exists()


# ---- extracts ------------------------------------------------------------------------------------


@needs_encryption
def test_an_extract_opens_with_its_own_key_alone(story, capsys):
    """Not without a key, not with another department's, and no name can be read in its bytes."""
    file = story.bank.current / "departments" / "marketing.duckdb"
    keys = {}
    for department in ("marketing", "risk"):
        with story.bank.environment():
            assert extract_keys.main([department]) == 0
        keys[department] = capsys.readouterr().out.strip()
        assert stat.S_IMODE(extract_keys.key_file(story.bank.settings, department).stat().st_mode) == 0o600
    assert b"marketing_customers" not in file.read_bytes()
    with pytest.raises(duckdb.CatalogException, match="without a key"):
        duckdb.connect(str(file), read_only=True)
    attach = f"attach '{file}' as extract (read_only, encryption_key '{{}}')"
    with duckdb.connect() as connection:
        with pytest.raises(duckdb.InvalidInputException, match="Wrong encryption key"):
            connection.execute(attach.format(keys["risk"]))
        connection.execute(attach.format(keys["marketing"]))
        ((count,),) = connection.execute("select count(*) from extract.marts_marketing.marketing_customers").fetchall()
    assert count == 30


@needs_encryption
def test_a_new_key_encrypts_the_next_extract(home, copied_build, capsys):
    """Rotated, or given by the environment; the extract served is closed to the new one."""
    copied_build(SOUND)
    before = manifest(home)["extract_key_ids"]
    code, said = command(extract_keys, home, capsys, "risk", "--rotate")
    assert (code, "none yet" in said) == (0, True)
    assert "want of their key: risk" in command(verify, home, capsys)[1]
    outcome = home.refresh(DEPOSITS_EXTRACT_KEY_SERVICE="correct horse battery")
    assert outcome.code == ExitCode.PUBLISHED, outcome.err
    after = manifest(home)["extract_key_ids"]
    assert {name for name in after if after[name] != before[name]} == {"risk", "service"}


def test_a_release_without_extracts_says_so(home, copied_build, capsys, monkeypatch):
    """By the setting alone: where the package that encrypts is missing, a refresh without it stops at once."""
    copied_build(SOUND)
    assert home.refresh(DEPOSITS_EXTRACTS="perhaps").code == ExitCode.USAGE
    with monkeypatch.context() as patch:
        patch.setattr(marts_file.importlib.util, "find_spec", lambda name: None)
        refused = home.refresh(DEPOSITS_EXTRACTS="on")
    assert (refused.code, "DEPOSITS_EXTRACTS=off" in refused.err) == (ExitCode.PUBLISH, True), refused.err
    outcome = home.refresh(DEPOSITS_EXTRACTS="off")
    assert outcome.code == ExitCode.PUBLISHED, outcome.err
    assert "no extracts for departments were written: DEPOSITS_EXTRACTS=off" in outcome.out
    told = manifest(home)
    assert (told["has_extracts"], told["departments"], told["extract_key_ids"]) == (False, {}, {})
    assert not (home.current / "departments").exists()
    assert command(verify, home, capsys)[0] == 0


# ---- what else may go wrong ----------------------------------------------------------------------


def limit_file_size(size: int) -> None:
    """A disk on which no file grows beyond this; -1 lifts it."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))


def test_a_full_disk_leaves_the_release_and_gives_back_its_room(home, copied_build, monkeypatch):
    before = home.current.readlink()
    copied_build(SOUND)
    try:
        limit_file_size(4_000_000)
        in_build = home.refresh()
        limit_file_size(-1)
        monkeypatch.setattr(pipeline, "publish", lambda *args: limit_file_size(4_000_000) or release.publish(*args))
        in_publication = home.refresh()
    finally:
        limit_file_size(-1)
    assert in_build.code == ExitCode.BUILD
    assert "File too large" in in_build.err
    assert in_publication.code == ExitCode.PUBLISH
    assert "The release couldn't be written" in in_publication.err
    assert_untouched(home, before)
    assert not list((home.home / "releases").glob(f"{release.UNFINISHED}*"))


def test_releases_that_cant_be_written_are_named_before_the_build(home):
    """As a user without a superuser's way around permissions."""
    releases = home.home / "releases"
    before = home.current.readlink()
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    releases.chmod(0o555)
    try:
        with home.environment(PYTHONPATH=str(PROJECT)):
            done = subprocess.run(
                [*drop, sys.executable, "-P", "-m", "scripts.refresh"], capture_output=True, text=True, check=False
            )
    finally:
        releases.chmod(0o755)
    assert done.returncode == ExitCode.PUBLISH, done.stderr
    assert f"can't be written (Permission denied: {releases})" in done.stderr
    assert_untouched(home, before)


def test_a_dry_run_changes_nothing_but_the_logs(home, monkeypatch):
    logs = {"logs", "target", "run_log.duckdb", "refresh.lock"}

    def files() -> dict[str, tuple[int, int]]:
        found = [path for path in home.home.rglob("*") if path.is_file() and not path.is_symlink()]
        names = {path.relative_to(home.home): path.stat() for path in found}
        kept = {name: file for name, file in names.items() if name.parts[0] not in logs}
        return {str(name): (file.st_size, file.st_mtime_ns) for name, file in kept.items()}

    def window(run: Run, plan: object, *_: str) -> SimpleNamespace:
        return SimpleNamespace(success=run.work_candidate.exists())

    monkeypatch.setattr(dry_run, "run_dbt", window)  # the copied work file has its window from the last build
    before = files()
    outcome = home.refresh("--dry-run")
    assert outcome.code == ExitCode.PUBLISHED, outcome.err
    assert "incremental: only the months that changed" in outcome.out
    assert "made again: " in outcome.out
    assert f"would replace the release {home.current.readlink()}" in outcome.out
    assert files() == before
    bank(5).write(home.landing)
    assert "core/transactions.csv" in home.refresh("--dry-run", "--full-refresh").out
    (home.landing / "core" / "accounts.csv").unlink()
    assert home.refresh("--dry-run").code == ExitCode.LANDING
    assert files() == before


def test_a_backfill_takes_months_off_the_list_of_built_ones(home):
    run = Run(home.settings, backfill_from=date(2024, 3, 31))
    plan = Plan(False, "a test")
    with beginning_candidate(run, plan) as copied:
        prepare_candidate(run, plan, copied)
    assert rows(run.work_candidate, "select max(as_of_date)::varchar from qc.built_months") == [("2024-02-29",)]
    late = home.refresh("--backfill", "2031-01-31")
    assert late.code == ExitCode.USAGE
    assert "after the newest month that was built" in late.err
    assert "isn't the last day" in home.refresh("--backfill", "2024-03-30").err
    assert home.refresh("--backfill", "2024-03-31:2024-02-29").code == ExitCode.USAGE


def test_events_are_lines_for_machines_and_hooks_can_do_no_harm(home, tmp_path):
    """One hook keeps what it is told and fails, one hangs with a child; a run that was broken off is in the log."""
    told = tmp_path / "told.json"
    note_start(Run(home.settings))
    outcome = home.refresh(
        "--as-of",
        "nonsense",
        DEPOSITS_ON_FAILURE=f"cat > '{told}'; env > '{told}.env'; exit 3",
        DEPOSITS_ON_FINISH="sleep 60 & sleep 60",
        DEPOSITS_HOOK_SECONDS="0.3",
        DEPOSITS_EXTRACT_KEY_RISK="a key that nobody hears",
    )
    assert outcome.code == ExitCode.LANDING
    assert "DEPOSITS_ON_FINISH took more than 0.3 s and was ended" in outcome.out
    assert "DEPOSITS_ON_FAILURE ended with 3" in outcome.out
    event = json.loads(told.read_text(encoding="utf-8"))
    variables = told.with_name("told.json.env").read_text(encoding="utf-8")
    assert (event["event"], event["exit_code"], event["result"]) == ("run_finished", 4, "landing")
    assert "'nonsense' is no date" in event["message"]
    assert KEY not in variables
    assert "nobody hears" not in variables
    lines = [json.loads(line) for line in (home.home / "logs" / "refresh.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines[-3:]] == ["run_finished", "hook_finished", "hook_finished"]
    ended = [line for line in lines if line["event"] == "stage_finished"]
    assert {line["stage"] for line in ended} == {"landing", "build", "audit", "publish"}
    assert all(line["seconds"] >= 0 and "exit_code" in line for line in ended)
    assert rows(home.home / "run_log.duckdb", "select result, exit_code from runs order by run_id desc limit 2") == [
        ("landing", 4),
        ("broken off", None),
    ]


# ---- what must not be said -----------------------------------------------------------------------


def test_every_personal_column_has_a_canary(story):
    """A column that the contract calls personal is searched for, wherever it is landed."""
    for table in contract_tables():
        planted = {*CANARIES.values(), BIRTH_DATE}
        file = story.bank.landing / table.source / f"{table.name}.csv"
        personal = [column.name for column in table.columns if column.is_personal]
        if personal:
            landed = duckdb.read_csv(str(file), all_varchar=True, null_padding=True, strict_mode=False)
            found = {name for name in personal if planted & {value for (value,) in landed.project(name).fetchall()}}
            assert found == set(personal), table.name


def test_no_canary_leaves_the_landing(story):
    """Neither ids, names and numbers of customers nor the key: in files, tables, logs, reports and messages."""
    home = story.bank.home
    with story.bank.environment():
        assert evaluate([]) == 0
    private = [home / "keys", home / "quarantine"]
    files = [path for path in home.rglob("*") if path.is_file() and not set(private) & set(path.parents)]
    folders = {"logs", "target", "work", "releases", "evaluations"}
    assert folders <= {path.relative_to(home).parts[0] for path in files}
    assert {".html", ".json", ".parquet", ".duckdb", ".sql", ".log"} <= {path.suffix for path in files}
    assert [found for file in files for found in find_bytes(file)] == []
    databases = [file for file in files if file.suffix == ".duckdb"]
    assert len(databases) >= 5
    extracts = {file for file in databases if file.parent.name == "departments"}
    keys = {file: extract_keys.read_extract_key(story.bank.settings, file.stem) for file in extracts}
    assert len(keys) >= (4 if HAS_ENCRYPTION else 0)
    assert [found for file in files for found in find_in_tables(file, keys.get(file))] == []
    for outcome in story.outcomes.values():
        assert not [text for text in CANARIES.values() if text in outcome.out + outcome.err]


def test_canaries_can_be_found_where_they_may_be(story, tmp_path):
    """The search itself: the quarantine file holds them; Parquet files are read, too."""
    assert find_in_tables(story.bank.settings.quarantine_file)
    assert find_bytes(story.bank.landing / "core" / "customers.csv")
    duckdb.sql(f"select '{CANARIES['email']}' as text, date '{BIRTH_DATE}' as day").write_parquet(
        str(tmp_path / "compressed.parquet"), compression="zstd"
    )
    assert len(find_in_tables(tmp_path / "compressed.parquet")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Runtime Error in model x\n  Conversion Error: Could not convert string 'Ann Lee' to INT32\nLINE 1: ...",
            "Runtime Error in model x\n  Conversion Error: Could not convert string '…' to INT32",
        ),
        (
            'Constraint Error: Duplicate key "account_id: A-77" violates primary key constraint.',
            "Constraint Error: Duplicate key '…' violates primary key constraint.",
        ),
        ("Out of Range Error: Overflow (12345.67 * 99)", "Out of Range Error: Overflow (… * 99)"),
        ('Binder Error: Referenced column "adb" not found', 'Binder Error: Referenced column "adb" not found'),
        ("Found 67 models", "Found 67 models"),
    ],
)
def test_error_texts_lose_their_values(text, expected):
    assert redacted(text) == expected


def test_home_that_cant_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    outcome = Bank(tmp_path, tmp_path / "file" / "home").refresh()
    assert outcome.code == ExitCode.USAGE
    assert "The home can't be written" in outcome.err


def test_other_errors_are_not_locks():
    assert in_use_error("Catalog Error: no such table") is None


def test_help_lists_the_exit_codes():
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-P", "-m", "scripts.refresh", "--help"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    for code in ExitCode:
        assert f"\n  {int(code)} " in shown
